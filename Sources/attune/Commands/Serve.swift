public import ArgumentParser
import Foundation
public import Logging
import Model
import Server
import ServiceLifecycle
import UnixSignals

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the server: HTTP in, considered messages out, everything journaled.",
    discussion: """
      The API key is read from ATTUNE_API_KEY or from server.apiKeyFile; without one it only listens on loopback. \
      SIGTERM and SIGINT stop it gracefully: nothing that was acknowledged is lost.
      """)

  @Option(help: "The configuration folder.") var config: String
  @Option(help: "The store's folder (default: storage.folder of attune.yaml, else attune-data).") var store: String?
  @Option(help: "Where to listen, as 127.0.0.1:8080 (default: server.address of attune.yaml).") var address: String?
  @Option(help: "Least level of log lines.") var logLevel = Logger.Level.info

  func run() async throws {
    try await Self.serve(config: config, store: store, address: address, logLevel: logLevel)
  }

  static func serve(config: String, store: String?, address: String?, logLevel: Logger.Level) async throws {
    let source = try CheckedFolder.sound(config)
    var diagnostics = Diagnostics()
    guard var settings = ServerSettings(reading: source.settings, &diagnostics) else { throw diagnostics }
    if let address {
      guard let address = ListenAddress(address) else {
        throw Failure.data("'\(address)' is no address (hint: 127.0.0.1:8080)")
      }
      settings.address = address
    }
    let key = try settings.apiKey(environment: ProcessInfo.processInfo.environment, folder: config)
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    var logger = Logger(label: "attune")
    logger.logLevel = logLevel
    let host = settings.address.host
    // What a configuration names lies relative to it, wherever the server is started.
    let named = settings.storeFolder.map { $0.hasPrefix("/") ? $0 : "\(config)/\($0)" }
    let folder = store ?? named ?? "attune-data"
    let server = try AttuneServer(
      settings: settings, key: key, store: folder, configuration: source, logger: logger,
      listening: { port in
        Terminal.note("attune listens on http://\(ListenAddress(host: host, port: port)), its store is \(folder)")
      })
    var services = ServiceGroupConfiguration(
      services: server.services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
    )
    // A client that keeps trickling a request does not hold up the end for ever.
    services.maximumGracefulShutdownDuration = .seconds(30)
    try await ServiceGroup(configuration: services).run()
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
