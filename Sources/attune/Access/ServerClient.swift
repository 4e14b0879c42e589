import API
import ArgumentParser
import AsyncHTTPClient
import AttuneModel
import CommandSupport
import Foundation
import NIOCore
import NIOHTTP1

/// Where a command finds its server.
struct ServerOptions: ParsableArguments {
  @Option(help: "The server (default: ATTUNE_SERVER, else http://127.0.0.1:8080).")
  var server = ProcessInfo.processInfo.environment["ATTUNE_SERVER"] ?? "http://127.0.0.1:8080"
  @Option(help: "The API key (default: ATTUNE_API_KEY).") var key: String?

  func validate() throws {
    guard server.hasPrefix("http://") || server.hasPrefix("https://") else {
      throw ValidationError("'\(server)' is no URL (hint: http://127.0.0.1:8080)")
    }
  }

  /// A call of the server.
  /// - Parameters:
  ///   - parts: what stands for the names in the route's path, in order.
  ///   - query: by the names of the route's parameters; nil ones are left out.
  func request(
    _ id: Route.ID, _ parts: String..., query: KeyValuePairs<String, String?> = [:],
    body: HTTPClientRequest.Body? = nil, as type: String? = nil
  ) -> HTTPClientRequest {
    let route = Route[id]
    var request = HTTPClientRequest(url: server + route.address(parts, query: query))
    request.method = HTTPMethod(rawValue: route.method.rawValue.uppercased())
    if let type { request.headers.add(name: "Content-Type", value: type) }
    if let key = key ?? ProcessInfo.processInfo.environment["ATTUNE_API_KEY"] {
      request.headers.add(name: "Authorization", value: "Bearer \(key)")
    }
    request.body = body
    return request
  }

  /// The answer's body, if it is a good one. What the server refuses is told in its words.
  func send(_ request: HTTPClientRequest, within seconds: Int64 = 30) async throws -> String {
    let (status, body) = try await exchange(request, seconds)
    guard (200..<300).contains(status) else {
      let detail = (try? JSONDecoder().decode(ProblemAnswer.self, from: Data(body.utf8)))?.text ?? body
      throw Failure(message: "the server refused it (\(status)): \(detail)", code: 65)
    }
    return body
  }

  private func exchange(_ request: HTTPClientRequest, _ seconds: Int64) async throws -> (status: UInt, body: String) {
    var configuration = HTTPClient.Configuration.singletonConfiguration
    // Where nobody listens now, nobody will in half a minute.
    configuration.connectionPool.retryConnectionEstablishment = false
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    let answer: (UInt, String)
    do {
      let response = try await client.execute(request, timeout: .seconds(seconds))
      answer = (response.status.code, String(buffer: try await response.body.collect(upTo: 1 << 22)))
    } catch {
      try? await client.shutdown()
      throw Failure.unavailable("no answer from \(server) (hint: is 'attune serve' running there?)")
    }
    try? await client.shutdown()
    return answer
  }
}

extension Decodable {
  /// An answer's text as the type it is.
  /// - Throws: `DecodingError` where it is another one.
  init(json: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(json.utf8)) }
}

extension ProblemAnswer {
  /// What a person wants to read of it.
  fileprivate var text: String {
    let lines = (diagnostics ?? []).map { "\n\($0.diagnostic)" }
    return detail + (hint.map { " (hint: \($0))" } ?? "") + lines.joined()
  }
}
