import AttuneModel
import Fatigue
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

  @Test(arguments: 0..<300 as Range<UInt64>)
  func randomStepsAgreeWithTheReference(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let origin = Instant.october(5, 0) + .minutes(.random(in: -9000...9000, using: &random))
    var policy = Self.policy(origin, &random)
    var (fatigue, reference) = (FixedWindowFatigue(policy: policy), FixedWindowReference(policy: policy))
    var (now, swept) = (Instant.october(1, 0), Instant.october(1, 0))
    var passed = [true: 0, false: 0]
    for step in 1...200 as ClosedRange<UInt64> {
      now = max(swept, now + .minutes(.random(in: -200...900, using: &random)))
      let user = Bool.random(using: &random) ? "ann" : "bob"
      switch Int.random(in: 0..<20, using: &random) {
      case 0:
        policy = Self.policy(origin, &random)
        (fatigue.policy, reference.policy) = (policy, policy)
      case 1:
        fatigue.expire(before: now)
        swept = now
      case 2:
        if Int.random(in: 0..<4, using: &random) > 0 { continue }
        fatigue.erase(user: user)
        reference.erase(user: user)
      case 3...7:
        let id = UInt64.random(in: 1...step, using: &random)
        let settlement = FatigueSettlement.allCases.randomElement(using: &random) ?? .commit
        fatigue.settle(id: id, user: user, as: settlement)
        reference.settle(id: id, user: user, as: settlement)
      default:
        let business = ["a", "b"].randomElement(using: &random) ?? "a"
        let id = Int.random(in: 0..<4, using: &random) == 0 ? max(step, 8) - 7 : step
        // Nil: the id names a reservation of the other business.
        let verdict = try? fatigue.reserve(id: id, user: user, business: business, zone: nil, at: now)
        try #require(
          verdict == reference.reserve(id: id, user: user, business: business, at: now), "seed \(seed), step \(step)")
        if let verdict { passed[verdict.passes, default: 0] += 1 }
      }
    }
    #expect(passed.values.allSatisfy { $0 > 0 }, "worlds in which nothing happens show nothing")
  }

  private static func policy(_ origin: Instant, _ random: inout SeededGenerator) -> FatiguePolicy {
    func limit() -> FatiguePolicy.BusinessLimit {
      .of(
        days: .random(in: 1...3, using: &random), times: .random(in: 0...3, using: &random),
        obeys: Int.random(in: 0..<8, using: &random) > 0, counts: Int.random(in: 0..<8, using: &random) > 0)
    }
    return FatiguePolicy(
      zone: .utc, user: .init(perDay: 0), businesses: ["a": limit(), "b": limit()], origin: origin)
  }
}
