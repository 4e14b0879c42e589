public import ArgumentParser
import AttuneModel
import CommandSupport
import Foundation
public import Logging
import Server
import ServiceLifecycle
import UnixSignals

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the server: HTTP in, considered messages out, everything journaled.",
    discussion: """
      With --only fatigue it answers whether users may be reached, for the senders of others: --config is then a file \
      of policies, or missing, and the policies come over HTTP.

      The API key is read from ATTUNE_API_KEY or from server.apiKeyFile; without one it only listens on loopback. \
      SIGTERM and SIGINT stop it gracefully: nothing that was acknowledged is lost.
      """)

  /// What can be run alone.
  enum Part: String, ExpressibleByArgument, CaseIterable { case fatigue }

  @Option(help: "The configuration folder; with --only fatigue, the file of its policies.") var config: String?
  @Option(help: "Run this part alone.") var only: Part?
  @Option(help: "The store's folder (default: storage.folder of the configuration, else attune-data).")
  var store: String?
  @Option(
    name: [.long, .customLong("listen")],
    help: "Where to listen, as 127.0.0.1:8080 (default: server.address of the configuration).")
  var address: String?
  @Option(help: "Least level of log lines.") var logLevel = Logger.Level.info

  func validate() throws {
    if config == nil, only == nil { throw ValidationError("Missing expected argument '--config <config>'") }
  }

  func run() async throws {
    switch only {
    case .fatigue: try await serveFatigue()
    case nil: try await Self.serve(config: config ?? "", store: store, address: address, logLevel: logLevel)
    }
  }

  static func serve(config: String, store: String?, address: String?, logLevel: Logger.Level) async throws {
    let source = try CheckedFolder(config).sound()
    var diagnostics = Diagnostics()
    guard let settings = ServerSettings(reading: source.settings, &diagnostics) else { throw diagnostics }
    let place = try Place(settings, of: config, store: store, address: address, logLevel: logLevel)
    let server = try AttuneServer(
      settings: place.settings, key: place.key, store: try StoreFolder.open(place.folder), configuration: source,
      logger: place.logger,
      listening: place.listening)
    try await place.run(server)
  }

  private func serveFatigue() async throws {
    let file = try config.map(Self.policies(in:))
    if let file, !file.warnings.isEmpty { Terminal.note(file.warnings.map(\.description).joined(separator: "\n")) }
    let folder = config.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path } ?? "."
    let place = try Place(
      file?.settings ?? ServerSettings(), of: folder, store: store, address: address, logLevel: logLevel)
    let server = try AttuneServer(
      onlyFatigue: place.settings, key: place.key, store: try StoreFolder.open(place.folder), policies: file,
      logger: place.logger,
      listening: place.listening)
    try await place.run(server)
  }
}

extension Serve {
  private static func policies(in path: String) throws -> CheckedPolicies {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw Failure.data(
        "\(path) is a folder (hint: with --only fatigue, --config names a file of policies; without, a folder)")
    }
    return try CheckedPolicies(path: path)
  }
}

/// Where a server runs, and how it is told.
private struct Place {
  let settings: ServerSettings
  let key: APIKey?
  /// The store's.
  let folder: String
  let logger: Logger

  /// - Parameter config: the folder of the configuration, which what it names is relative to, wherever the server is
  ///   started.
  init(
    _ settings: ServerSettings, of config: String, store: String?, address: String?, logLevel: Logger.Level
  ) throws {
    var settings = settings
    if let address {
      guard let address = ListenAddress(address) else {
        throw Failure.data("'\(address)' is no address (hint: 127.0.0.1:8080)")
      }
      settings.address = address
    }
    self.settings = settings
    key = try settings.apiKey(environment: ProcessInfo.processInfo.environment, folder: config)
    let named = settings.storeFolder.map { $0.hasPrefix("/") ? $0 : "\(config)/\($0)" }
    folder = store ?? named ?? "attune-data"
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    var logger = Logger(label: "attune")
    logger.logLevel = logLevel
    self.logger = logger
  }

  func listening(on port: Int) {
    let address = ListenAddress(host: settings.address.host, port: port)
    Terminal.note("attune listens on http://\(address), its store is \(folder)")
  }

  func run(_ server: AttuneServer) async throws {
    var services = ServiceGroupConfiguration(
      services: server.services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
    )
    // A client that keeps trickling a request does not hold up the end for ever.
    services.maximumGracefulShutdownDuration = .seconds(30)
    try await ServiceGroup(configuration: services).run()
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
