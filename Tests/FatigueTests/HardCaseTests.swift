import AttuneModel
import Fatigue
import Testing

/// What goes wrong elsewhere, each with its defined answer.
@Suite struct HardCases {
  @Test func twoBusinessesOfOneSceneAtTheSameMillisecond() throws {
    let desk = Desk(scenes: ["feed": .init(times: 1, window: .days(1))], ["a": .of(), "b": .of()])
    let noon = Instant.october(1, 12)
    #expect(try desk.reserve("a", noon).passes)
    let second = try desk.reserve("b", noon)
    #expect(second.reason == .scene && second.next == noon + .days(1))
    // The slot is one slot: given back by the one, the other has it.
    desk.settle(1, .release)
    #expect(try desk.reserve("b", noon).passes)
    #expect(try desk.reserve("a", noon).reason == .scene)
  }

  @Test func aReservationReleasedAfterItsWindowEnded() throws {
    let desk = Desk(["a": .of(days: 1, times: 1)])
    #expect(try desk.reserve("a", .october(1, 12)).passes)
    #expect(try desk.reserve("a", .october(2, 12)).passes, "a new window")
    #expect(desk.settle(1, .release), "it is remembered: its day and window have just ended")
    #expect(try desk.check("a", .october(2, 13)).window.count == 1, "which the release does not touch")
    #expect(!desk.settle(1, .commit))
  }

  @Test(arguments: [Int64.min, -1, 0, 1, 1 << 62, .max - 1, .max])
  func everyInstantHasAnAnswer(at: Int64) throws {
    let instant = Instant(milliseconds: at)
    let desk = Desk(scenes: ["feed": .init(times: 2, window: .days(1))], ["a": .of(times: 1, minGap: .hours(1))])
    #expect(try desk.reserve("a", instant).passes)
    let again = try desk.check("a", instant)
    #expect(again.reason == .window)
    #expect(
      again.window.next == (at > .max - 7 * 86_400_000 ? nil : instant + .days(7)), "no instant is later than the last")
    #expect(try desk.check("a", .distantPast).gap?.last == instant, "an earlier one is taken as the last reach")
    desk.settle(1, .release)
    #expect(try desk.check("a", instant).passes)
  }

  @Test(arguments: [0, -1, .min])
  func noTimesAtAll(times: Int) throws {
    for desk in [
      Desk(["a": .of(times: times)]), Desk(user: .init(perDay: times), ["a": .of()]),
      Desk(scenes: ["feed": .init(times: times, window: .days(1))], ["a": .of()]),
    ] {
      let verdict = try desk.check("a", .october(1, 0))
      #expect(!verdict.passes && verdict.next == nil, "never, so there is no next")
    }
  }

  @Test func aNegativeGapIsNone() throws {
    let desk = Desk(["a": .of(minGap: .hours(-1))])
    #expect(try desk.reserve("a", .october(1, 0)).passes)
    #expect(try desk.reserve("a", .october(1, 0)).passes)
  }

  @Test func aBusinessThatGoesAndComesBack() throws {
    let desk = Desk(scenes: ["feed": .init(times: 2, window: .days(1))], ["a": .of(times: 1), "b": .of()])
    #expect(try desk.reserve("a", .october(1, 0)).passes)
    let gone = desk.policy.businesses.removeValue(forKey: "a")
    #expect(desk.fatigue.reachesToday(user: "ann", at: .october(1, 23)) == 1, "and in the day")
    #expect(desk.fatigue.reachesToday(user: "ann", at: .october(2, 0)) == 0)
    #expect(throws: FatigueError.self) { try desk.check("a", Instant.october(1, 1)) }
    #expect(try desk.check("b", .october(1, 1)).scene?.count == 1, "its reach counts on")
    #expect(desk.settle(1, .commit), "and can be settled")
    desk.policy.businesses["a"] = gone
    #expect(try desk.reserve("a", .october(1, 2)).reason == .window, "its window is still there")
  }

  /// Tightened in the middle of the day: what came before it, of lesser priority, has not used it up.
  @Test func aReserveThatIsNew() throws {
    let desk = Desk(user: .init(perDay: 2), ["low": .of(priority: 3), "high": .of(priority: 9)])
    #expect(try desk.reserve("low", .october(1, 0)).passes)
    desk.policy.user = .init(perDay: 2, reserve: 1, reservePriority: 8)
    let kept = try desk.reserve("low", .october(1, 1))
    #expect(kept.reason == .user && kept.user?.limit == 1)
    #expect(try desk.reserve("high", .october(1, 1)).passes)
    desk.policy.user.reservePriority = 3
    #expect(try desk.check("low", .october(1, 2)).user?.limit == 2)
  }

  /// Of 64 who want the last slot, in any order of instants, one has it.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func oneOfManyGetsTheLastSlot(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let desk = Desk(user: .init(perDay: 2), ["a": .of(), "b": .of()])
    #expect(try desk.reserve("a", .october(1, 0)).passes)
    var passed = 0
    for _ in 0..<64 {
      let business = Bool.random(using: &random) ? "a" : "b"
      let at = Instant.october(1, 9) + TimeSpan(milliseconds: .random(in: 0...1000, using: &random))
      if try desk.reserve(business, at).passes { passed += 1 }
    }
    #expect(passed == 1, "seed \(seed)")
  }

  /// A look goes through 64 reaches at a time: what concerns a candidate is found in whichever part it stands.
  @Test(arguments: [1, 2, 62, 63, 64, 65, 126, 127, 128, 129, 200])
  func aUserWithManyReaches(others: Int) throws {
    let desk = Desk(
      scenes: ["feed": .init(times: 2, window: .days(1)), "trade": .init(times: 1000, window: .days(1))],
      ["a": .of(times: 2, minGap: .hours(1)), "b": .of(scene: "trade"), "c": .of()])
    let noon = Instant.october(1, 12)
    #expect(try desk.reserve("a", noon).passes)
    for _ in 0..<others { #expect(try desk.reserve("b", noon + .minutes(1)).passes) }

    let first = try desk.check("a", noon + .minutes(2))
    #expect(first.reason == .gap && first.gap?.last == noon && first.next == noon + .hours(1))
    #expect(first.window.count == 1 && first.scene?.count == 1 && first.user?.count == 1 + others)
    let other = try desk.check("b", noon + .minutes(2))
    #expect(other.window.count == others && other.scene?.count == others)
    // The first id again, from however far back, counts nothing.
    let again = try desk.fatigue.reserve(id: 1, user: "ann", business: "a", at: noon + .hours(1))
    #expect(again.passes && again.window.count == 0 && again.user?.count == others)

    #expect(try desk.reserve("a", noon + .hours(1)).passes)
    let full = try desk.check("a", noon + .hours(2))
    #expect(full.reason == .scene && full.next == noon + .days(7) && full.gap?.last == noon + .hours(1))
    #expect(try desk.check("c", noon + .hours(2)).scene == .init(count: 2, limit: 2, next: noon + .days(1)))
  }
}
