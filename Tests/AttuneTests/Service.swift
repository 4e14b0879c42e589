import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport

/// A running `attune serve` on a free port of this machine.
struct Service: Sendable {
  let program: Program
  let url: String

  /// Returns when it listens.
  static func start(
    config: String, store: String, only part: String? = nil, environment: [String: String] = [:]
  ) async throws -> Service {
    let program = try Program(
      ["serve", "--config", config, "--store", store, "--address", "127.0.0.1:0", "--log-level", "warning"]
        + (part.map { ["--only", $0] } ?? []), environment: environment)
    // A debug build on a busy machine needs long to repeat a journal of 40,000 decisions.
    let end = ContinuousClock.now + .seconds(120)
    while program.isRunning, ContinuousClock.now < end {
      if let url = address(in: program.errors) { return Service(program: program, url: url) }
      try await Task.sleep(for: .milliseconds(10))
    }
    let outcome = try await program.ended(within: .zero)
    throw Program.Overdue(description: "attune serve did not start: \(outcome)")
  }

  private static func address(in errors: String) -> String? {
    guard let start = errors.range(of: "attune listens on "), let end = errors[start.upperBound...].firstIndex(of: ",")
    else { return nil }
    return String(errors[start.upperBound..<end])
  }

  /// As an operator stops it.
  func stop() async throws -> Program.Outcome {
    program.signal(SIGTERM)
    return try await program.ended(within: .seconds(20))
  }
}

/// What the server says of one request.
struct Reply: Sendable {
  var status: Int
  var body: [UInt8]

  func decoded<T: Decodable>(as type: T.Type = T.self) throws -> T {
    try JSONDecoder().decode(T.self, from: Data(body))
  }
}

/// A client that tells at once when nobody is there.
enum Client {
  private static let http = {
    var configuration = HTTPClient.Configuration()
    configuration.connectionPool.retryConnectionEstablishment = false
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }()

  static func post(
    _ url: String, _ body: String, type: String = "application/x-ndjson", key: String? = nil, within seconds: Int64 = 10
  ) async throws -> Reply {
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: type)
    if let key { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
    request.body = .bytes(ByteBuffer(string: body))
    return try await reply(to: request, within: seconds)
  }

  static func get(_ url: String) async throws -> Reply { try await reply(to: HTTPClientRequest(url: url), within: 10) }

  private static func reply(to request: HTTPClientRequest, within seconds: Int64) async throws -> Reply {
    let response = try await http.execute(request, timeout: .seconds(seconds))
    let bytes = try await response.body.collect(upTo: 1 << 24)
    return Reply(status: Int(response.status.code), body: Array(bytes.readableBytesView))
  }
}
