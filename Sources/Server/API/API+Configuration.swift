import AttuneModel
import Foundation
import Hummingbird
import Insight
import Platform
import Reach
import Runtime
import Store

/// The body of `POST /v1/configuration`: texts by the names of their files.
private struct Publication: Decodable {
  var files: [String: String]
}

extension API {
  /// `POST /v1/configuration?dryRun=true&reset=true`: checked as a whole, in force as a whole, or nothing changes.
  /// `reset` drops the open attempts of replaced rules.
  @Sendable func publish(_ request: Request, _ context: Context) async throws -> Response {
    try request.requireJSON()
    let dryRun = try request.query("dryRun", "true or false") ?? false
    let reset = try request.query("reset", "true or false") ?? false
    let body = try await request.bytes(upTo: Self.publicationLimit)
    let source = try ConfigurationFolder.read(files: try files(in: body))
    // Before anything is published: a library that cannot be read leaves all as it is.
    let unfit = try await copyWarnings(source)
    let ours = CheckedConfiguration.settings(of: source, running: settings)
    // What is wrong with our own settings stands beside all that the engine finds, and nothing is published.
    let answer =
      dryRun || !ours.errors.isEmpty
      ? await driver.read { $0.check(source, reset: reset) } : try await driver.publish(source, reset: reset)
    let checked = try CheckedConfiguration(ours, answer)
    if !dryRun { try await blocking { [store] in try store.notes.setNote(StoreMeta.zone, to: checked.zone) } }
    let isNew = answer.isNew
    return .json(.ok) { json in
      json.member("changed", isNew && !dryRun)
      json.member("dryRun", dryRun)
      json.member("differs", isNew)
      json.member("reset", reset && !dryRun)
      json.member("rules", source.rules.count)
      json.member("businesses", source.businesses.count)
      json.member("changes") { $0.write(checked.changes) }
      json.write(checked.warnings + unfit, as: "warnings")
    }
  }

  /// Of campaigns that were not launched yet.
  private func copyWarnings(_ source: ConfigurationSource) async throws -> [Diagnostic] {
    guard source.namesCopies else { return [] }
    let open = await driver.read { $0.withLaunched(source) }
    return open.copyWarnings(try await copies.library()).warnings
  }

  private func files(in body: ByteBuffer) throws -> [String: String] {
    do {
      return try JSONDecoder().decode(Publication.self, from: Data(body.readableBytesView)).files
    } catch let error as DecodingError {
      throw Problem(
        .badRequest, "malformed", "the body is not a publication: \(error.place)",
        hint: #"{"files": {"attune.yaml": "...", "rules/a.yaml": "..."}}"#)
    }
  }
}

extension DecodingError {
  fileprivate var place: String {
    switch self {
    case .keyNotFound(let key, _): "'\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "/" + context.codingPath.map(\.stringValue).joined(separator: "/") + " is not of the right type"
    default: "it is not JSON"
    }
  }
}
