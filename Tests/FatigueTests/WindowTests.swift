import AttuneModel
import Fatigue
import Testing

@Suite struct WindowsAndGaps {
  /// The table of FATIGUE.md; the 6th is a Monday.
  @Test func theWorkedExamples() throws {
    let desk = Desk(["price-drop": .of(days: 7, times: 3, minGap: .hours(4))])
    #expect(try desk.reserve("price-drop", .october(6, 23, 50)).passes)
    let second = try desk.reserve("price-drop", .october(7, 0, 5))
    #expect(second.reason == .gap && second.next == .october(7, 3, 50))
    #expect(second.gap == .init(passes: false, last: .october(6, 23, 50), minGap: .hours(4), next: .october(7, 3, 50)))
    #expect(second.window == .init(count: 1, limit: 3, next: nil))
    #expect(try desk.reserve("price-drop", .october(7, 3, 50)).passes)
    #expect(try desk.reserve("price-drop", .october(8, 10)).passes)
    let fourth = try desk.reserve("price-drop", .october(9, 10))
    #expect(fourth.reason == .window && fourth.next == .october(13, 23, 50))
    #expect(fourth.window == .init(count: 3, limit: 3, next: .october(13, 23, 50)))

    desk.policy.businesses["price-drop"]?.days = 1
    #expect(try !desk.reserve("price-drop", .october(13, 23, 49, 59)).passes)
    #expect(try desk.reserve("price-drop", .october(13, 23, 50)).passes)
    desk.policy.businesses["price-drop"]?.times = 1
    let inNew = try desk.check("price-drop", .october(14, 12))
    #expect(inNew.reason == .window && inNew.next == .october(14, 23, 50), "the new window has one day")
  }

  @Test func timesTightenNowAndLoosenAtTheNextWindow() throws {
    let desk = Desk(
      scenes: ["feed": .init(times: 2, window: .days(1))], ["a": .of(days: 1, times: 3)])
    _ = try desk.reserve("a", .october(1, 0))
    desk.policy.businesses["a"]?.times = 1
    desk.policy.scenes["feed"]?.times = 1
    #expect(try desk.check("a", .october(1, 1)).window == .init(count: 1, limit: 1, next: .october(2, 0)))
    #expect(try desk.check("a", .october(1, 1)).scene == .init(count: 1, limit: 1, next: .october(2, 0)))
    desk.policy.businesses["a"]?.times = 9
    desk.policy.scenes["feed"]?.times = 9
    #expect(try desk.check("a", .october(1, 1)).window.limit == 3)
    #expect(try desk.check("a", .october(1, 1)).scene?.limit == 2)
    #expect(try desk.check("a", .october(2, 0)).window == .init(count: 0, limit: 9, next: nil))
    #expect(try desk.check("a", .october(2, 0)).scene == .init(count: 0, limit: 9, next: nil))
  }

  @Test func theGapHoldsAcrossWindowsAndIsTheCurrentOne() throws {
    let desk = Desk(["a": .of(days: 1, times: 1, minGap: .hours(30))])
    _ = try desk.reserve("a", .october(1, 0))
    let across = try desk.check("a", .october(2, 0))
    #expect(across.reason == .gap && across.next == .october(2, 6) && across.window.passes)
    desk.policy.businesses["a"]?.minGap = .hours(26)
    #expect(try desk.check("a", .october(2, 1)).next == .october(2, 2))
    #expect(try desk.check("a", .october(2, 2)).passes)
    // At 30 h the key is forgotten, so no longer gap can hold it; and `next` says so.
    desk.policy.businesses["a"]?.minGap = .days(9)
    #expect(try desk.check("a", .october(2, 5)).next == .october(2, 6))
    #expect(try desk.check("a", .october(2, 6)).gap == .init(passes: true, last: nil, minGap: .days(9), next: nil))
  }

  @Test func theLatestOfTheFailingIsNext() throws {
    let desk = Desk(
      user: .init(perDay: 1), scenes: ["feed": .init(times: 1, window: .days(3))],
      ["a": .of(days: 2, times: 1, minGap: .hours(4))])
    _ = try desk.reserve("a", .october(1, 12))
    let verdict = try desk.check("a", .october(1, 13))
    #expect(verdict.reason == .user && verdict.next == .october(4, 12))
    #expect(verdict.user?.next == .october(2, 0) && verdict.scene?.next == .october(4, 12))
    #expect(verdict.window.next == .october(3, 12) && verdict.gap?.next == .october(1, 16))
    #expect(try desk.check("a", .october(2, 12)).reason == .scene)
    desk.policy.businesses["a"]?.times = 0
    let never = try desk.check("a", .october(1, 13))
    #expect(never.reason == .user && never.next == nil && never.window.next == nil)
  }

  @Test func sceneWindowsAreSharedByItsBusinessesAndNoOneElse() throws {
    let desk = Desk(
      scenes: ["feed": .init(times: 1, window: .hours(1))], ["a": .of(), "b": .of(), "c": .of(scene: "trade")])
    #expect(try desk.reserve("a", .october(1, 0)).passes)
    #expect(try desk.reserve("b", .october(1, 0)).reason == .scene, "in the same millisecond")
    #expect(try desk.reserve("c", .october(1, 0)).scene == nil)
    desk.policy.businesses["c"]?.scene = "feed"
    #expect(try desk.check("c", .october(1, 0)).reason == .scene)
    desk.policy.scenes = [:]
    #expect(try desk.reserve("b", .october(1, 0)).scene == nil)
    desk.policy.scenes["feed"] = .init(times: 9, window: .hours(1))
    #expect(try desk.check("b", .october(1, 0)).scene?.count == 2, "an open window goes on counting")
    #expect(try desk.check("b", .october(1, 1)).scene?.count == 0)
  }

  @Test func obeyingAndCountingAreTwoSwitches() throws {
    let desk = Desk([
      "a": .of(times: 1), "loud": .of(times: 1, obeys: false), "mute": .of(times: 1, counts: false),
      "free": .of(times: 1, obeys: false, counts: false),
    ])
    desk.policy.user.perDay = 2
    for _ in 0..<2 { #expect(try desk.reserve("mute", .october(1, 0)).passes) }
    for _ in 0..<2 { #expect(try desk.reserve("free", .october(1, 0)).passes) }
    #expect(desk.fatigue.userCount == 0)
    for count in 0..<3 {
      let verdict = try desk.reserve("loud", .october(1, 0))
      #expect(verdict.passes && verdict.next == nil && verdict.user?.count == count)
    }
    #expect(try desk.reserve("a", .october(1, 0)).user == .init(count: 3, limit: 2, next: .october(2, 0)))
    #expect(try desk.reserve("mute", .october(1, 0)).reason == .user)
    #expect(try desk.reserve("free", .october(1, 0)).passes)
  }

  @Test func aRemovedBusinessKeepsItsWindows() throws {
    let desk = Desk(["a": .of(times: 1)])
    let limit = desk.policy.businesses["a"]
    _ = try desk.reserve("a", .october(1, 0))
    desk.policy.businesses["a"] = nil
    #expect(throws: FatigueError.self) { try desk.check("a", .october(1, 1)) }
    #expect(throws: FatigueError.self) { try desk.reserve("a", .october(1, 1)) }
    desk.policy.businesses["a"] = limit
    #expect(try desk.check("a", .october(1, 1)).reason == .window)
  }

  @Test func anEarlierInstantIsTakenAsTheLast() throws {
    let desk = Desk(["a": .of(times: 2, minGap: .hours(1))])
    _ = try desk.reserve("a", .october(2, 5))
    let verdict = try desk.check("a", .october(1, 5))
    #expect(verdict.reason == .gap && verdict.next == .october(2, 6) && verdict.user?.count == 1)
  }

  @Test func numbersOutOfRangeHaveAnAnswer() throws {
    for at in [Instant.distantPast, .distantFuture] {
      let desk = Desk(
        user: .init(perDay: 2, reserve: .max, reservePriority: 5),
        scenes: ["feed": .init(times: 5, window: TimeSpan(milliseconds: .min))],
        ["a": .of(days: .max, times: 1, minGap: TimeSpan(milliseconds: .min)), "b": .of(days: .min, priority: .min)])
      #expect(try desk.reserve("a", at).passes)
      #expect(try desk.reserve("a", at).reason == .window)
      #expect(try desk.check("a", at).scene?.count == 1, "no window is shorter than 1 ms")
      // The window ends after 2^63 - 1 ms, or beyond all instants.
      #expect(try desk.check("a", at).window.next == (at < .october(1, 0) ? Instant(milliseconds: -1) : nil))
      #expect(try desk.check("b", at).reason == .user)
      desk.policy.user.perDay = .min
      #expect(try desk.check("b", at).user?.limit == .min)
      desk.policy.user = .init(perDay: .max, reserve: .min)
      #expect(try desk.reserve("b", at).passes)
      desk.fatigue.expire(before: .distantFuture)
      #expect(try desk.check("a", .distantFuture).window.passes == (at != .distantFuture))
    }
  }
}
