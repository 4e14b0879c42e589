import AsyncHTTPClient
import AttuneModel
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import StoreSQLite

@testable import Server

/// A real server on a free port of this machine, and a client of it.
struct TestServer: Sendable {
  enum Method: String { case get, head, put, post, delete, patch }

  struct Reply: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: [UInt8]

    var json: JSON { JSON(body) }
    var text: String { String(decoding: body, as: UTF8.self) }
    func header(_ name: String) -> String? { headers.first(name: name) }
    var isProblem: Bool {
      header("Content-Type") == "application/problem+json" && json["status"] == .number(Double(status))
        && json["type"].text?.hasPrefix("urn:attune:problem:") == true && json["request"].text != nil
    }
  }

  let server: AttuneServer
  let port: Int
  let group: ServiceGroup

  /// Runs a server for as long as `body` does; then it is stopped as a signal would stop it.
  static func run<T: Sendable>(
    in folder: TemporaryFolder, files: [String: String] = Fixture.files, key: String? = nil,
    clock: ServerClock = ServerClock(),
    settings change: (inout ServerSettings) -> Void = { _ in }, _ body: @Sendable (TestServer) async throws -> T
  ) async throws -> T {
    var settings = ServerSettings()
    settings.address = ListenAddress(host: "127.0.0.1", port: 0)
    change(&settings)
    return try await run(body) { [settings] listening in
      try AttuneServer(
        settings: settings, key: key.map(APIKey.init), store: try SQLiteStore.open(folder.path),
        configuration: try Fixture.source(files),
        logger: logger, listening: listening, clock: clock)
    }
  }

  /// Likewise one of `--only fatigue`, with policies as a file would hold them.
  static func runFatigue<T: Sendable>(
    in folder: TemporaryFolder, policies: String? = Fixture.policies, key: String? = nil,
    clock: ServerClock = ServerClock(),
    settings change: (inout ServerSettings) -> Void = { _ in }, _ body: @Sendable (TestServer) async throws -> T
  ) async throws -> T {
    var settings = ServerSettings()
    settings.address = ListenAddress(host: "127.0.0.1", port: 0)
    change(&settings)
    return try await run(body) { [settings] listening in
      try AttuneServer(
        onlyFatigue: settings, key: key.map(APIKey.init), store: try SQLiteStore.open(folder.path),
        policies: try policies.map { try CheckedPolicies($0, named: "policies.yaml") }, logger: logger,
        listening: listening, clock: clock)
    }
  }

  private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

  private static func run<T: Sendable>(
    _ body: @Sendable (TestServer) async throws -> T,
    make: (@escaping @Sendable (Int) -> Void) throws -> AttuneServer
  ) async throws -> T {
    let (ports, found) = AsyncStream.makeStream(of: Int.self)
    let server = try make { port in
      found.yield(port)
      found.finish()
    }
    let group = ServiceGroup(configuration: .init(services: server.services, logger: logger))
    async let running: Void = {
      defer { found.finish() }
      try await group.run()
    }()
    let result: Result<T, any Error>
    if let port = await ports.first(where: { _ in true }) {
      do {
        result = .success(try await body(TestServer(server: server, port: port, group: group)))
      } catch { result = .failure(error) }
    } else {
      result = .failure(NoPort())
    }
    await group.triggerGracefulShutdown()
    _ = try await running
    return try result.get()
  }

  struct NoPort: Error {}

  func stop() async { await group.triggerGracefulShutdown() }

  func send(
    _ method: Method, _ path: String, _ body: String? = nil, type: String? = "application/json",
    headers: [String: String] = [:],
    seconds: Int64 = 20
  ) async throws -> Reply {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
    request.method = HTTPMethod(rawValue: method.rawValue.uppercased())
    if let body {
      request.body = .bytes(ByteBuffer(string: body))
      if let type { request.headers.add(name: "Content-Type", value: type) }
    }
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(seconds))
    let bytes = try await response.body.collect(upTo: 1 << 24)
    let reply = Reply(
      status: Int(response.status.code), headers: response.headers, body: Array(bytes.readableBytesView))
    reply.isAsDescribed(of: method, path)
    return reply
  }

  func get(_ path: String) async throws -> Reply { try await send(.get, path) }
  func post(_ path: String, _ body: String, type: String? = "application/json") async throws -> Reply {
    try await send(.post, path, body, type: type)
  }
  func publish(_ files: [String: String], query: String = "") async throws -> Reply {
    let body = try JSONEncoder().encode(["files": files])
    return try await post("/v1/configuration" + query, String(decoding: body, as: UTF8.self))
  }

  /// Asks again until `condition` holds or ten seconds are over; the last answer.
  func eventually(_ path: String, _ condition: (Reply) -> Bool) async throws -> Reply {
    let end = ContinuousClock.now + .seconds(10)
    while true {
      let reply = try await get(path)
      if condition(reply) || ContinuousClock.now > end { return reply }
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}
