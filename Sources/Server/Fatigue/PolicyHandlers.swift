import API
import AttuneModel
import Fatigue
import HTTPTypes
import Hummingbird
import Insight
import NIOCore
import Platform
import Reach
import Runtime
import Store

/// The policies in force.
struct PolicyHandlers: Sendable {
  let driver: Driver
  let store: OpenedStore
  /// Whether they come over HTTP; else from the configuration's folder.
  let takesPolicies: Bool

  /// The whole set, checked as a whole, in force as a whole, or nothing changes.
  func putPolicies(_ call: Call) async throws -> Response {
    guard takesPolicies else {
      throw Problem(
        .conflict, "policies-in-folder", "this server takes its policies from its configuration folder",
        hint: "change them there, and publish it: attune publish DIR")
    }
    let dryRun = call.query.flag("dryRun")
    let body = try await call.bytes(upTo: CheckedPolicies.limit)
    guard let text = String(validating: body.readableBytesView, as: UTF8.self) else {
      throw Problem(.badRequest, "malformed", "the body is not UTF-8 text", hint: "save it as UTF-8")
    }
    let file = try CheckedPolicies(text, named: call.isJSON ? "policies.json" : "policies.yaml")
    let isNew = await driver.read { $0.source == nil || $0.configuration.fatigue != file.policy }
    if isNew, !dryRun {
      guard try await driver.submit([.configuration(file.source)]) == [.accepted] else {
        throw Problem(.conflict, "configuration-changed", "other policies were published meanwhile")
      }
      try await blocking { [store] in try store.notes.setNote(StoreMeta.zone, to: file.policy.zone.name) }
    }
    return try .json(
      .ok,
      PolicyChangeAnswer(
        changed: isNew && !dryRun, dryRun: dryRun, differs: isNew, businesses: file.policy.businesses.count,
        warnings: [DiagnosticAnswer](file.warnings + file.unpublished)))
  }

  /// What is in force, as `PUT` takes it.
  func getPolicies(_ call: Call) async throws -> Response {
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
