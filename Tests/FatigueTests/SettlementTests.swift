import AttuneModel
import Fatigue
import Testing

@Suite struct Settlements {
  @Test func theFirstWinsSaveOverUnknown() throws {
    for first in FatigueSettlement.allCases {
      for second in FatigueSettlement.allCases {
        let desk = Desk(["a": .of(times: 1)])
        _ = try desk.reserve("a", .october(1, 0))
        #expect(desk.settle(1, first) == true)
        let wins = first == .unknown && second != .unknown
        #expect(desk.settle(1, second) == wins, "\(first), then \(second)")
        let counted = (wins ? second : first) != .release
        #expect(try desk.check("a", .october(1, 1)).window.count == (counted ? 1 : 0), "\(first), then \(second)")
      }
    }
    var fatigue = FatigueTracker(policy: .nobody)
    #expect(fatigue.settle(id: 1, user: "nobody", as: .commit) == false)
  }

  @Test func aReleasedOpenerLeavesItsWindowToTheOthers() throws {
    let desk = Desk(["a": .of(days: 1, times: 2)])
    _ = try desk.reserve("a", .october(1, 0))
    _ = try desk.reserve("a", .october(1, 12))
    desk.settle(1, .release)
    _ = try desk.reserve("a", .october(1, 13))
    #expect(try desk.check("a", .october(1, 14)).window == .init(count: 2, limit: 2, next: .october(2, 0)))
    desk.settle(2, .release)
    desk.settle(3, .release)
    _ = try desk.reserve("a", .october(1, 20))
    _ = try desk.reserve("a", .october(1, 20))
    #expect(try desk.check("a", .october(1, 21)).window.next == .october(2, 20), "an empty window closed")
  }

  @Test func lastBecomesTheLatestThatIsNotReleased() throws {
    let desk = Desk(["a": .of(minGap: .hours(2))])
    for hour in [0, 2, 4] as [Int64] { _ = try desk.reserve("a", .october(1, hour)) }
    desk.settle(2, .release)
    #expect(try desk.check("a", .october(1, 5)).gap?.last == .october(1, 4))
    desk.settle(3, .release)
    #expect(try desk.check("a", .october(1, 5)).gap?.last == .october(1, 0))
    desk.settle(1, .release)
    #expect(try desk.check("a", .october(1, 5)).gap?.last == nil)
  }

  @Test func aReleaseAfterItsWindowAndDayTouchesNoLaterOne() throws {
    let desk = Desk(
      user: .init(perDay: 2), scenes: ["feed": .init(times: 2, window: .hours(1))], ["a": .of(days: 1, times: 2)])
    _ = try desk.reserve("a", .october(1, 0))
    _ = try desk.reserve("a", .october(3, 0))
    #expect(desk.settle(1, .release) == true)
    let verdict = try desk.check("a", .october(3, 0))
    #expect(verdict.user?.count == 1 && verdict.scene?.count == 1 && verdict.window.count == 1)
    #expect(verdict.gap?.last == .october(3, 0))
  }

  @Test func releaseFollowsTheSceneThatCountedIt() throws {
    let desk = Desk(
      scenes: ["feed": .init(times: 2, window: .days(1)), "trade": .init(times: 2, window: .days(1))],
      ["a": .of(), "b": .of(), "c": .of(scene: "trade")])
    _ = try desk.reserve("a", .october(1, 0))
    _ = try desk.reserve("c", .october(1, 0))
    desk.policy.businesses["a"]?.scene = "trade"
    desk.settle(1, .release)
    #expect(try desk.check("a", .october(1, 1)).scene?.count == 1)
    #expect(try desk.check("b", .october(1, 1)).scene?.count == 0)
  }

  @Test func anIdCountsOnce() throws {
    let policy = FatiguePolicy(zone: .utc, user: .init(perDay: 1), businesses: ["a": .of(times: 1)])
    var fatigue = FatigueTracker(policy: policy)
    let first = try fatigue.reserve(id: 7, user: "ann", business: "a", zone: nil, at: .october(1, 0))
    let state = fatigue.encoded()
    let again = try fatigue.reserve(id: 7, user: "ann", business: "a", zone: nil, at: .october(1, 0))
    #expect(first.passes && again == first && fatigue.encoded() == state)
    try fatigue.record(id: 7, user: "ann", business: "a", zone: nil, at: .october(1, 0))
    #expect(fatigue.encoded() == state)
    let other = try fatigue.reserve(id: 8, user: "ann", business: "a", zone: nil, at: .october(1, 0))
    #expect(other.reason == .user)
    // A refused id counted nothing, and a released one counts no more: both may come again.
    fatigue.settle(id: 7, user: "ann", as: .release)
    let anew = try fatigue.reserve(id: 7, user: "ann", business: "a", zone: nil, at: .october(1, 0))
    #expect(anew.passes)
    #expect(try fatigue.reserve(id: 8, user: "ann", business: "a", zone: nil, at: .october(1, 0)).reason == .user)
    fatigue.settle(id: 7, user: "ann", as: .release)
    let late = try fatigue.reserve(id: 8, user: "ann", business: "a", zone: nil, at: .october(1, 0))
    #expect(late.passes && late.user?.count == 0)
    // Half a window later it still is the same id; after its window, day and gap, another reach may use it.
    try fatigue.record(id: 8, user: "ann", business: "a", zone: nil, at: .october(4, 0))
    let halfway = try fatigue.check(user: "ann", business: "a", zone: nil, at: .october(4, 0))
    #expect(halfway.window.count == 1)
    try fatigue.record(id: 8, user: "ann", business: "a", zone: nil, at: .october(8, 0))
    #expect(
      try fatigue.check(user: "ann", business: "a", zone: nil, at: .october(8, 0)).user?.count == 1)
    fatigue.settle(id: 8, user: "ann", as: .release)
    #expect(
      try fatigue.check(user: "ann", business: "a", zone: nil, at: .october(8, 0)).user?.count == 0)
  }

  @Test func ofTwoForOneSlotOnePasses() throws {
    let desk = Desk(user: .init(perDay: 1), ["a": .of(), "b": .of()])
    let passes = try ["a", "b", "a"].map { try desk.reserve($0, .october(1, 0)).passes }
    #expect(passes == [true, false, false])
  }
}
