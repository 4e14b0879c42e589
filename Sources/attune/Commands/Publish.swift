import ArgumentParser
import AsyncHTTPClient
import Foundation
import Insight
import Model
import NIOCore
import NIOHTTP1
import Runtime
import Storage

struct Publish: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Publish a configuration folder to a running server: checked as a whole, in force at one instant.",
    discussion: """
      Open attempts of a changed rule finish under the version that began them; --reset drops them. Those of a removed \
      rule are dropped.
      --dry-run asks the server what would change. With --against STORE nobody is asked: the rules in force in that \
      store and the new ones are run past the last hours of its journal, also while a server writes it.
      """)

  @Argument(help: "The configuration folder.") var folder: String
  @Option(help: "The server.") var server = "http://127.0.0.1:8080"
  @Option(help: "The API key (default: ATTUNE_API_KEY).") var key: String?
  @Flag(help: "Change nothing; tell what would change.") var dryRun = false
  @Option(help: "With --dry-run: a store's folder, whose journal tells how often each rule would have matched.")
  var against: String?
  @Option(help: "With --against: how much of the journal's end to look at.", transform: Publish.span)
  var last: TimeSpan?
  @Flag(help: "Drop the open attempts of changed rules.") var reset = false
  @Flag(help: "Print the answer as JSON.") var json = false

  func validate() throws {
    guard server.hasPrefix("http://") || server.hasPrefix("https://") else {
      throw ValidationError("'\(server)' is no URL (hint: http://127.0.0.1:8080)")
    }
    if against != nil, !dryRun { throw ValidationError("--against publishes nothing (hint: add --dry-run)") }
    if last != nil, against == nil { throw ValidationError("--last has no meaning without --against STORE") }
  }

  private static func span(_ text: String) throws -> TimeSpan {
    if let span = TimeSpan(text), span > .zero { return span }
    throw ValidationError("'\(text)' is no span of time (hint: 24h)")
  }

  func run() async throws {
    // Errors that can be seen here are told here, before anything is sent.
    let source = try CheckedFolder.sound(folder)
    if let against {
      let store = try SQLiteStore.read(against)
      let report = try RulePreview.run(source, against: store, last: last ?? .hours(24))
      return Terminal.out(json ? report.json.text : report.text(in: try StoreOption.zone(nil, of: store)))
    }
    var warnings = Diagnostics()
    let files = try ConfigurationFolder.files(in: folder, warnings: &warnings)
    let query = [dryRun ? "dryRun=true" : nil, reset ? "reset=true" : nil].compactMap(\.self).joined(separator: "&")
    var request = HTTPClientRequest(url: "\(server)/v1/configuration\(query.isEmpty ? "" : "?" + query)")
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
    if json { return Terminal.out(body) }
    Terminal.out("\(folder) \(dryRun ? "is sound, nothing was changed" : "is in force") at \(server)")
    let answer = try? JSONDecoder().decode(Answer.self, from: Data(body.utf8))
    for change in answer?.changes ?? [] where change.change != "unchanged" { Terminal.out("  " + change.text) }
  }

  /// What the server tells of each rule.
  private struct Answer: Decodable {
    struct Change: Decodable {
      var rule: String
      var change: String
      var before: Int?
      var after: Int?

      var text: String {
        let versions = [before, after].compactMap { $0.map { "v\($0)" } }.joined(separator: " → ")
        return "\(change) rule \(rule) (\(versions))"
      }
    }

    var changes: [Change]
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
