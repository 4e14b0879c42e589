import ArgumentParser
import AsyncHTTPClient
import Foundation
import Model
import NIOCore
import NIOHTTP1
import Runtime

struct Publish: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Publish a configuration folder to a running server: checked as a whole, in force at one instant.")

  @Argument(help: "The configuration folder.") var folder: String
  @Option(help: "The server.") var server = "http://127.0.0.1:8080"
  @Option(help: "The API key (default: ATTUNE_API_KEY).") var key: String?
  @Flag(help: "Only check it there.") var dryRun = false
  @Flag(help: "Print the server's answer as JSON.") var json = false

  func validate() throws {
    guard server.hasPrefix("http://") || server.hasPrefix("https://") else {
      throw ValidationError("'\(server)' is no URL (hint: http://127.0.0.1:8080)")
    }
  }

  func run() async throws {
    // Errors that can be seen here are told here, before anything is sent.
    _ = try CheckedFolder.sound(folder)
    var warnings = Diagnostics()
    let files = try ConfigurationFolder.files(in: folder, warnings: &warnings)
    var request = HTTPClientRequest(url: "\(server)/v1/configuration\(dryRun ? "?dryRun=true" : "")")
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json")
    if let key = key ?? ProcessInfo.processInfo.environment["ATTUNE_API_KEY"] {
      request.headers.add(name: "Authorization", value: "Bearer \(key)")
    }
    request.body = .bytes(try JSONEncoder().encode(["files": files]))
    let (status, body) = try await send(request)
    guard (200..<300).contains(status) else {
      let detail = (try? JSONDecoder().decode(Problem.self, from: Data(body.utf8)))?.text ?? body
      throw Failure(message: "the server refused it (\(status)): \(detail)", code: 65)
    }
    Terminal.out(json ? body : "\(folder) \(dryRun ? "is sound, nothing was changed" : "is in force") at \(server)")
  }

  /// What a person wants to read of problem+json.
  private struct Problem: Decodable {
    struct Diagnostic: Decodable {
      var file: String
      var line: Int
      var column: Int
      var message: String
    }

    var detail: String
    var hint: String?
    var diagnostics: [Diagnostic]?

    var text: String {
      let lines = (diagnostics ?? []).map { "\n\($0.file):\($0.line):\($0.column): \($0.message)" }
      return detail + (hint.map { " (hint: \($0))" } ?? "") + lines.joined()
    }
  }

  private func send(_ request: HTTPClientRequest) async throws -> (status: UInt, body: String) {
    var configuration = HTTPClient.Configuration.singletonConfiguration
    // Where nobody listens now, nobody will in half a minute.
    configuration.connectionPool.retryConnectionEstablishment = false
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    let answer: (UInt, String)
    do {
      let response = try await client.execute(request, timeout: .seconds(30))
      answer = (response.status.code, String(buffer: try await response.body.collect(upTo: 1 << 22)))
    } catch {
      try? await client.shutdown()
      throw Failure.unavailable("no answer from \(server) (hint: is 'attune serve' running there?)")
    }
    try? await client.shutdown()
    return answer
  }
}
