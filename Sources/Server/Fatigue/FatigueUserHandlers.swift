import API
import AttuneModel
import Codec
import Fatigue
import Hummingbird
import Insight
import Reach
import Runtime

/// What is counted of users.
struct FatigueUserHandlers: Sendable {
  let driver: Driver
  let now: @Sendable () -> Instant

  /// How things stand now, and what every business would be told. Of a user nobody has reached there is nothing to know:
  /// every limit is fresh.
  func getFatigueUser(_ call: Call) async throws -> Response {
    let user = try call.user
    let zone = try call.zone()
    let standing = await driver.read { [now] engine in
      engine.source == nil ? nil : Standing(of: user, zone: zone, in: engine, at: now())
    }
    guard let standing else { throw Problem(noPolicies: .conflict) }
    return .json(.ok) { json in
      json.member("user", user)
      json.member("known", standing.isKnown)
      json.member("day") { json in
        json.object { json in
          json.member("count", standing.count)
          json.member("limit", standing.perDay)
          json.member("next", standing.next)
        }
      }
      json.member("businesses") { json in
        json.object { json in
          for (name, verdict) in standing.verdicts {
            json.member(name) { json in json.object { $0.members(of: verdict) } }
          }
        }
      }
    }
  }

  /// Forgets how often the user was reached, and nothing else.
  func deleteFatigueUser(_ call: Call) async throws -> Response {
    _ = try await driver.submit([.eraseFatigue(user: try call.user)])
    return Response(status: .noContent)
  }
}

/// How things stand with one user.
private struct Standing: Sendable {
  let isKnown: Bool
  let perDay: Int
  /// Of the counted day, whoever reached the user.
  let count: Int
  /// What each business would be told, in the order of their names.
  let verdicts: [(business: String, verdict: FatigueVerdict)]

  init(of user: String, zone: Zone?, in engine: Engine, at now: Instant) {
    let policy = engine.configuration.fatigue
    isKnown = engine.remembersReaches(of: user)
    perDay = policy.user.perDay
    count = engine.reachesToday(of: user, zone: zone, at: now)
    verdicts = policy.businesses.keys.sorted().compactMap { name in
      let question = Reservation(id: "", user: user, business: name)
      return (try? engine.check(question, zone: zone, at: now)).map { (name, $0) }
    }
  }

  /// For a business that may use the whole day; others may find less room.
  var next: Instant? { count < perDay ? nil : verdicts.compactMap(\.verdict.user?.next).max() }
}

extension Call {
  /// The table of `?zone=NAME`, if it is asked for.
  fileprivate func zone() throws(Problem) -> Zone? {
    guard let name = query["zone"] else { return nil }
    if let zone = ZoneTables.zone(named: name) { return zone }
    throw Problem(parameter: "zone", "unknown time zone '\(name)'", hint: ZoneTables.hint(for: name))
  }
}
