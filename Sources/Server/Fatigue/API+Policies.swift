import AttuneModel
import Fatigue
import Foundation
import Hummingbird
import Insight
import NIOCore
import Platform
import Reach
import Runtime
import Store

extension API {
  /// `PUT /v1/fatigue/policies?dryRun=true`: the whole set, checked as a whole, in force as a whole, or nothing changes.
  @Sendable func putPolicies(_ request: Request, _ context: Context) async throws -> Response {
    guard purpose == .fatigue else {
      throw Problem(
        .conflict, "policies-in-folder", "this server takes its policies from its configuration folder",
        hint: "change them there, and publish it: attune publish DIR")
    }
    let name = try request.policiesFile()
    let dryRun = try request.query("dryRun", "true or false") ?? false
    let body = try await request.bytes(upTo: CheckedPolicies.limit)
    guard let text = String(validating: body.readableBytesView, as: UTF8.self) else {
      throw Problem(.badRequest, "malformed", "the body is not UTF-8 text", hint: "save it as UTF-8")
    }
    let file = try CheckedPolicies(text, named: name)
    let isNew = await driver.read { $0.source == nil || $0.configuration.fatigue != file.policy }
    if isNew, !dryRun {
      guard try await driver.submit([.configuration(file.source)]) == [.accepted] else {
        throw Problem(.conflict, "configuration-changed", "other policies were published meanwhile")
      }
      try await blocking { [store] in try store.notes.setNote(StoreMeta.zone, to: file.policy.zone.name) }
    }
    return .json(.ok) { json in
      json.member("changed", isNew && !dryRun)
      json.member("dryRun", dryRun)
      json.member("differs", isNew)
      json.member("businesses", file.policy.businesses.count)
      json.write(file.warnings + file.unpublished, as: "warnings")
    }
  }

  /// `GET /v1/fatigue/policies`: what is in force, as `PUT` takes it.
  @Sendable func getPolicies(_ request: Request, _ context: Context) async throws -> Response {
    let policy = await driver.read { $0.source == nil ? nil : $0.configuration.fatigue }
    guard let policy else { throw Problem(noPolicies: .notFound) }
    return .json(.ok) { $0.members(of: policy) }
  }
}

extension Problem {
  init(noPolicies status: HTTPResponse.Status) {
    self.init(
      status, "no-policies", "there are no policies yet",
      hint: "PUT /v1/fatigue/policies, or start the server with --config policies.yaml")
  }
}

extension Request {
  /// What places in the body are told by.
  fileprivate func policiesFile() throws(Problem) -> String {
    switch mediaType {
    case "application/json": return "policies.json"
    // The names in use before RFC 9512 too.
    case "application/yaml", "application/x-yaml", "text/yaml": return "policies.yaml"
    default: throw unsupported("application/yaml or application/json")
    }
  }
}
