import API
import AttuneModel
import Codec
import Hummingbird
import Ingest
import Reach
import Runtime

/// What is known of users.
struct UserHandlers: Sendable {
  let driver: Driver
  /// Bytes of a request's body.
  let bodyLimit: Int

  /// Changes the properties that are named; null removes one.
  func putUser(_ call: Call) async throws -> Response {
    let user = try call.user
    let body = try await call.bytes(upTo: bodyLimit)
    let patch = try ProfileDecoder().decode(body.readableBytesView, user: user).get()
    if let name = patch.zoneName { try check(zone: name) }
    _ = try await driver.submit([.profile(patch)])
    return Response(status: .noContent)
  }

  /// Names of nested objects are joined by dots.
  func getUser(_ call: Call) async throws -> Response {
    let user = try call.user
    guard let profile = await driver.read({ $0.profile(of: user) }) else {
      throw Problem(.notFound, "unknown-user", "no profile of this user is known")
    }
    let properties = profile.map { ($0.name, PropertyValue($0.value)) }
    return try .json(.ok, ProfileAnswer(user: user, profile: Dictionary(properties) { first, _ in first }))
  }

  /// Forgets profile, begun rules, deferred candidates, fatigue, and the messages receipts could refer to. From here on
  /// nothing decides by what was known.
  ///
  /// Not reached: past inputs and traces in the journal, hence the timeline, messages that already wait in the outbox,
  /// and the files of channels.
  func deleteUser(_ call: Call) async throws -> Response {
    _ = try await driver.submit([.erase(user: try call.user)])
    return Response(status: .noContent)
  }

  private func check(zone name: String) throws(Refusal) {
    if ZoneTables.zone(named: name) != nil { return }
    throw Refusal(
      .invalid, pointer: "/zone", "unknown time zone '\(name)'", hint: ZoneTables.hint(for: name), offset: 0)
  }
}
