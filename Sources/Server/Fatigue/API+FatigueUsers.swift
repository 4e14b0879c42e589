import Fatigue
import Hummingbird
import Insight
import Model
import Reach
import Runtime

extension API {
  /// `GET /v1/fatigue/users/{id}?zone=Asia/Tokyo`: how things stand now, and what every business would be told. Of a
  /// user nobody has reached there is nothing to know: every limit is fresh.
  @Sendable func getFatigue(_ request: Request, _ context: Context) async throws -> Response {
    let user = try user(context)
    let zone = request.query("zone")
    if let zone { try check(zone: zone) }
    let (policy, isKnown) = await driver.read { engine in
      (engine.source == nil ? nil : engine.configuration.fatigue, engine.remembersReaches(of: user))
    }
    guard let policy else { throw Problem(noPolicies: .conflict) }
    let names = policy.businesses.keys.sorted()
    let verdicts = try await driver.check(
      names.map { Reservation(id: "", user: user, business: $0, zone: zone) })
    // One that was taken out of the policies meanwhile has no answer.
    let standing = zip(names, verdicts).compactMap { name, verdict in (try? verdict.get()).map { (name, $0) } }
    return .json(.ok) { json in
      json.member("user", user)
      json.member("known", isKnown)
      json.member("day") { json in
        json.object { json in json.members(ofDay: standing.map(\.1), perDay: policy.user.perDay) }
      }
      json.member("businesses") { json in
        json.object { json in
          for (name, verdict) in standing {
            json.member(name) { json in json.object { $0.members(of: verdict) } }
          }
        }
      }
    }
  }

  /// `DELETE /v1/fatigue/users/{id}`: forgets how often the user was reached, and nothing else.
  @Sendable func eraseFatigue(_ request: Request, _ context: Context) async throws -> Response {
    _ = try await driver.submit([.eraseFatigue(user: try user(context))])
    return Response(status: .noContent)
  }
}

extension JSONText {
  /// Of the counted day, whoever reached the user; a business without priority may find less room than `limit`.
  fileprivate mutating func members(ofDay verdicts: [FatigueVerdict], perDay: Int) {
    let readings = verdicts.compactMap(\.user)
    let count = readings.first?.count ?? 0
    member("count", count)
    member("limit", perDay)
    member("next", count < perDay ? nil : readings.compactMap(\.next).max())
  }
}
