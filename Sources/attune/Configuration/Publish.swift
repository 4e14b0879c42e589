import API
import ArgumentParser
import AsyncHTTPClient
import AttuneModel
import Codec
import CommandSupport
import Foundation
import Insight
import Runtime
import Store

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
  @OptionGroup var server: ServerOptions
  @Flag(help: "Change nothing; tell what would change.") var dryRun = false
  @Option(help: "With --dry-run: a store's folder, whose journal tells how often each rule would have matched.")
  var against: String?
  @Option(help: "With --against: how much of the journal's end to look at.", transform: Publish.span)
  var last: TimeSpan?
  @Flag(help: "Drop the open attempts of changed rules.") var reset = false
  @Flag(help: "Print the answer as JSON.") var json = false

  func validate() throws {
    if against != nil, !dryRun { throw ValidationError("--against publishes nothing (hint: add --dry-run)") }
    if last != nil, against == nil { throw ValidationError("--last has no meaning without --against STORE") }
  }

  private static func span(_ text: String) throws -> TimeSpan {
    if let span = TimeSpan(text), span > .zero { return span }
    throw ValidationError("'\(text)' is no span of time (hint: 24h)")
  }

  func run() async throws {
    // Errors that can be seen here are told here, before anything is sent.
    let checked = CheckedFolder(folder)
    let source = try checked.sound()
    if let against {
      let store = try StoreFolder.read(against)
      let report = try RulePreview.run(source, against: store.journal, last: last ?? .hours(24))
      return Terminal.out(json ? report.json.text : report.text(in: try StoreOption.zone(nil, of: store)))
    }
    var warnings = Diagnostics()
    let files = try ConfigurationFolder.files(in: folder, warnings: &warnings)
    let body = try await server.send(
      server.request(
        .postConfiguration, query: ["dryRun": dryRun ? "true" : nil, "reset": reset ? "true" : nil],
        body: .bytes(try JSONEncoder().encode(ConfigurationBody(files: files))), as: "application/json"))
    if json { return Terminal.out(body) }
    let answer = try ConfigurationAnswer(json: body)
    let changes = answer.changes.filter { $0.change != .unchanged }.map(\.text) + answer.documents.map(\.text)
    let outcome =
      switch (dryRun, changes.isEmpty) {
      case (true, true): "is sound, and would change nothing"
      case (true, false): "is sound, and would change"
      case (false, true): "is in force, as before,"
      case (false, false): "is in force"
      }
    Terminal.out("\(folder) \(outcome) at \(server.server)")
    // Those that only the server can see.
    for warning in answer.warnings.map(\.diagnostic) where !checked.diagnostics.all.contains(warning) {
      Terminal.note("\(warning)")
    }
    for change in changes { Terminal.out("  " + change) }
  }
}

extension RuleChangeAnswer {
  fileprivate var text: String {
    let versions = [before, after].compactMap { $0.map { "v\($0)" } }.joined(separator: " → ")
    return "\(change.rawValue) rule \(rule) (\(versions))"
  }
}

extension DocumentChangeAnswer {
  fileprivate var text: String {
    let what = name.map { "\(part.rawValue) \($0)" } ?? "attune.yaml"
    return (["\(change.rawValue) \(what)"] + differences.map(\.text)).joined(separator: "\n    ")
  }
}

extension DifferenceAnswer {
  fileprivate var text: String {
    switch (before, after) {
    case (let before?, let after?): "\(path): \(before) → \(after)"
    case (nil, let after): "\(path): \(after ?? "") (new)"
    case (let before?, nil): "\(path): \(before) (removed)"
    }
  }
}
