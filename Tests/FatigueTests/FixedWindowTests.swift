import Fatigue
import Model
import Testing

@Suite struct FixedWindows {
  private static func fatigue(
    days: Int = 1, times: Int = 1, origin: Instant = .october(1, 0)
  ) -> FixedWindowFatigue {
    FixedWindowFatigue(
      policy: FatiguePolicy(
        zone: .utc, user: .init(perDay: 0), businesses: ["price-drop": .of(days: days, times: times, minGap: .days(9))],
        origin: origin))
  }

  @Test func itPassesOnBothSidesOfTheOriginsMidnight() throws {
    var fatigue = Self.fatigue()
    let monday = try fatigue.reserve(id: 1, user: "ann", business: "price-drop", zone: nil, at: .october(6, 23, 50))
    let refused = try fatigue.reserve(id: 2, user: "ann", business: "price-drop", zone: nil, at: .october(6, 23, 59))
    let tuesday = try fatigue.reserve(id: 3, user: "ann", business: "price-drop", zone: nil, at: .october(7, 0, 5))
    #expect(monday.passes && tuesday.passes)
    #expect(refused.reason == .window && refused.next == .october(7, 0))
    #expect(refused.window == .init(count: 1, limit: 1, next: .october(7, 0)))
    #expect(refused.user == nil && refused.scene == nil && refused.gap == nil)
    #expect(tuesday.window == .init(count: 0, limit: 1, next: nil))
  }

  @Test func anotherPeriodVoidsWhatWasCounted() throws {
    var fatigue = Self.fatigue(days: 3)
    _ = try fatigue.reserve(id: 1, user: "ann", business: "price-drop", zone: nil, at: .october(2, 12))
    #expect(try !fatigue.check(user: "ann", business: "price-drop", zone: nil, at: .october(2, 13)).passes)
    fatigue.policy.businesses["price-drop"]?.days = 2
    #expect(try fatigue.check(user: "ann", business: "price-drop", zone: nil, at: .october(2, 13)).window.count == 0)
    fatigue.policy.businesses["price-drop"]?.days = 3
    #expect(try fatigue.check(user: "ann", business: "price-drop", zone: nil, at: .october(2, 13)).window.count == 1)
  }

  @Test func windowsBeforeTheOriginAreCutDownwards() throws {
    var fatigue = Self.fatigue(days: 2, origin: .october(100, 12))
    _ = try fatigue.reserve(id: 1, user: "ann", business: "price-drop", zone: nil, at: .october(98, 11, 59, 59))
    #expect(try fatigue.check(user: "ann", business: "price-drop", zone: nil, at: .october(98, 12)).passes)
    let same = try fatigue.check(user: "ann", business: "price-drop", zone: nil, at: .october(96, 12))
    #expect(same.next == .october(98, 12))
    #expect(try fatigue.check(user: "ann", business: "price-drop", zone: nil, at: .october(96, 11, 59, 59)).passes)
  }

  @Test func noInstantAndNoNumberIsTooLarge() throws {
    for (origin, at) in [
      (Instant.distantPast, Instant.distantPast), (.distantPast, .distantFuture), (.distantFuture, .distantPast),
      (.distantFuture, .distantFuture), (.october(1, 0), .distantPast), (.october(1, 0), .distantFuture),
    ] {
      for days in [Int.min, 0, 1, 7, .max] {
        var fatigue = Self.fatigue(days: days, times: 1, origin: origin)
        #expect(try fatigue.reserve(id: 1, user: "ann", business: "price-drop", zone: nil, at: at).passes)
        let second = try fatigue.reserve(id: 2, user: "ann", business: "price-drop", zone: nil, at: at)
        #expect(second.reason == .window, "origin \(origin), at \(at), days \(days)")
        #expect(second.next.map { $0 > at } ?? (at > origin || origin == .distantFuture))
        fatigue.expire(before: at)
        #expect(try !fatigue.check(user: "ann", business: "price-drop", zone: nil, at: at).passes)
        fatigue.policy.origin = at == .distantPast ? .distantFuture : .distantPast
        fatigue.expire(before: .distantFuture)
        fatigue.policy.businesses["price-drop"]?.times = .min
        let never = try fatigue.check(user: "ann", business: "price-drop", zone: nil, at: at)
        #expect(never.reason == .window && never.next == nil)
      }
    }
  }

  @Test func endedWindowsAreSwept() throws {
    var fatigue = Self.fatigue()
    let empty = fatigue
    _ = try fatigue.reserve(id: 1, user: "ann", business: "price-drop", zone: nil, at: .october(6, 23, 50))
    let held = fatigue
    fatigue.expire(before: .october(7, 0) - TimeSpan(milliseconds: 1))
    #expect(fatigue == held)
    fatigue.expire(before: .october(7, 0))
    #expect(fatigue == empty)
  }
}
