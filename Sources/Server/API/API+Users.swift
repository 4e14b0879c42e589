import AttuneModel
import Codec
import Hummingbird
import Ingest
import Insight
import Reach
import Runtime

extension API {
  /// `PUT /v1/users/{id}`: changes the properties that are named; null removes one.
  @Sendable func putUser(_ request: Request, _ context: Context) async throws -> Response {
    try request.requireJSON()
    let user = try user(context)
    let body = try await request.bytes(upTo: settings.bodyLimit)
    let patch = try ProfileDecoder().decode(body.readableBytesView, user: user).get()
    if let name = patch.zoneName { try check(zone: name) }
    _ = try await driver.submit([.profile(patch)])
    return Response(status: .noContent)
  }

  /// `GET /v1/users/{id}`: what is known of the user, names of nested objects joined by dots.
  @Sendable func getUser(_ request: Request, _ context: Context) async throws -> Response {
    let user = try user(context)
    guard let profile = await driver.read({ $0.profile(of: user) }) else {
      throw Problem(.notFound, "unknown-user", "no profile of this user is known")
    }
    return .json(.ok) { json in
      json.member("user", user)
      json.member("profile", profile.sorted { $0.name < $1.name })
    }
  }

  /// `DELETE /v1/users/{id}`: forgets profile, begun rules, deferred candidates, fatigue, and the messages receipts
  /// could refer to. From here on nothing decides by what was known.
  ///
  /// Not reached: past inputs and traces in the journal, hence the timeline, messages that already wait in the outbox,
  /// and the files of channels.
  @Sendable func eraseUser(_ request: Request, _ context: Context) async throws -> Response {
    _ = try await driver.submit([.erase(user: try user(context))])
    return Response(status: .noContent)
  }

  /// The user that the address names.
  func user(_ context: Context) throws(Problem) -> String {
    let limit = Limits.default.userBytes
    guard let user = context.parameters.get("id")?.decodedFromPercent, !user.isEmpty, user.utf8.count <= limit else {
      throw Problem(
        .badRequest, "user", "the address names no user",
        hint: "at most \(limit) bytes of UTF-8, percent-encoded: /v1/users/u%2F1")
    }
    return user
  }

  private func check(zone name: String) throws(Refusal) {
    if ZoneTables.zone(named: name) != nil { return }
    throw Refusal(
      .invalid, pointer: "/zone", "unknown time zone '\(name)'", hint: ZoneTables.hint(for: name), offset: 0)
  }
}
