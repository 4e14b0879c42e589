import ArgumentParser
import AsyncHTTPClient
import AttuneModel
import CommandSupport
import Foundation
import NIOCore
import NIOHTTP1

/// Where a command finds its server.
struct ServerOptions: ParsableArguments {
  @Option(help: "The server.") var server = "http://127.0.0.1:8080"
  @Option(help: "The API key (default: ATTUNE_API_KEY).") var key: String?

  func validate() throws {
    guard server.hasPrefix("http://") || server.hasPrefix("https://") else {
      throw ValidationError("'\(server)' is no URL (hint: http://127.0.0.1:8080)")
    }
  }

  /// A request to the server; `path` begins with a slash.
  func request(_ method: HTTPMethod, _ path: String, body: HTTPClientRequest.Body? = nil, as type: String? = nil)
    -> HTTPClientRequest
  {
    var request = HTTPClientRequest(url: server + path)
    request.method = method
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
      let detail = (try? JSONDecoder().decode(ProblemText.self, from: Data(body.utf8)))?.text ?? body
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

/// What a server finds wrong with a configuration.
struct ToldDiagnostic: Decodable {
  var severity: String
  var file: String
  var line: Int
  var column: Int
  var message: String
  var hint: String?

  var diagnostic: Diagnostic {
    Diagnostic(
      severity == "warning" ? .warning : .error, Mark(file: file, line: line, column: column), message, hint: hint)
  }
}

/// What a person wants to read of problem+json.
private struct ProblemText: Decodable {
  var detail: String
  var hint: String?
  var diagnostics: [ToldDiagnostic]?

  var text: String {
    let lines = (diagnostics ?? []).map { "\n\($0.diagnostic)" }
    return detail + (hint.map { " (hint: \($0))" } ?? "") + lines.joined()
  }
}

extension String {
  /// As one part of an address's path, whatever is in it.
  var escapedForPath: String {
    var safe = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\u{0}"..."\u{7F}"))
    safe.insert(charactersIn: "-._~")
    return addingPercentEncoding(withAllowedCharacters: safe) ?? self
  }
}
