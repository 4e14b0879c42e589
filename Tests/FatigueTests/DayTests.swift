import AttuneModel
import Fatigue
import Testing

@Suite struct Days {
  @Test func aDayHas23Or25HoursInBerlin() throws {
    // Local midnights around both changes: 29 March 23:00Z to 30 March 22:00Z, 25 October 22:00Z to 26 October 23:00Z.
    let march = Instant(milliseconds: 1_743_289_200_000)
    for (start, hours) in [(march, 23), (Instant.october(25, 22), 25)] as [(Instant, Int64)] {
      let desk = Desk(user: .init(perDay: 1), ["a": .of()])
      desk.policy.zone = .berlin
      let end = start + .hours(hours)
      #expect(try desk.reserve("a", start).passes)
      #expect(try desk.check("a", start).user == .init(count: 1, limit: 1, next: end))
      #expect(try !desk.reserve("a", end - TimeSpan(milliseconds: 1)).passes)
      #expect(try desk.reserve("a", end).passes)
      #expect(try desk.check("a", end).user?.next == end + .hours(24))
    }
  }

  @Test func theUsersZoneGoesBeforeThePolicys() throws {
    let desk = Desk(user: .init(perDay: 1), ["a": .of()])
    // 16:00Z is midnight in Shanghai.
    #expect(try desk.reserve("a", .october(1, 15, 59), zone: .shanghai).passes)
    #expect(try desk.reserve("a", .october(1, 16), zone: .shanghai).passes)
    #expect(try desk.check("a", .october(1, 16), zone: .shanghai).user?.next == .october(2, 16))
  }

  @Test func aChangeOfZoneNeverResetsADayBackwards() throws {
    let desk = Desk(user: .init(perDay: 1), ["a": .of()])
    #expect(try desk.reserve("a", .october(1, 20), zone: .shanghai).passes)
    // In Shanghai it was the 2nd already; in UTC the 2nd is yet to come, and its end is counted there.
    let verdict = try desk.check("a", .october(1, 20), zone: .utc)
    #expect(verdict.user == .init(count: 1, limit: 1, next: .october(3, 0)))
    #expect(try !desk.check("a", .october(2, 23, 59), zone: .utc).passes)
    #expect(try desk.check("a", .october(3, 0), zone: .utc).passes)
  }

  @Test func aDayThatComesTwiceEndsForGoodAtTheSecond() throws {
    // The 25th ends at 02:30Z, is back at 02:31Z, and ends again at 03:30Z.
    let desk = Desk(user: .init(perDay: 1), ["a": .of()])
    desk.policy.zone = .twiceMidnight
    #expect(try desk.reserve("a", .october(26, 1)).passes)
    #expect(try desk.check("a", .october(26, 1)).user?.next == .october(26, 2, 30))
    #expect(try desk.check("a", .october(26, 2, 40)).user?.next == .october(26, 3, 30))
    #expect(try desk.check("a", .october(26, 3, 30)).passes)
  }

  @Test func theReserveIsKeptForPriorityAndNoLongerThanNeeded() throws {
    let desk = Desk(
      user: .init(perDay: 3, reserve: 1, reservePriority: 8), ["a": .of(priority: 7), "high": .of(priority: 8)])
    #expect(try desk.reserve("a", .october(1, 0)).user == .init(count: 0, limit: 2, next: nil))
    #expect(try desk.reserve("a", .october(1, 1)).passes)
    #expect(try desk.check("a", .october(1, 2)).user == .init(count: 2, limit: 2, next: .october(2, 0)))
    #expect(try desk.reserve("high", .october(1, 2)).user == .init(count: 2, limit: 3, next: nil))
    #expect(try desk.check("high", .october(1, 3)).reason == .user)

    desk.settle(1, .release)
    // The reserve was used, so nothing is kept any more ...
    #expect(try desk.check("a", .october(1, 3)).user == .init(count: 2, limit: 3, next: nil))
    // ... until the reach that used it is taken back.
    desk.settle(3, .release)
    #expect(try desk.check("a", .october(1, 3)).user == .init(count: 1, limit: 2, next: nil))
    // What counted as priority is decided at the reach.
    _ = try desk.reserve("high", .october(1, 4))
    desk.policy.businesses["high"]?.priority = 0
    #expect(try desk.check("a", .october(1, 5)).user?.limit == 3)
  }

  @Test func noDayThatPassesHasNoNext() throws {
    let desk = Desk(user: .init(perDay: 1, reserve: 1, reservePriority: 8), ["a": .of(), "high": .of(priority: 9)])
    #expect(try desk.check("a", .october(1, 0)).user == .init(count: 0, limit: 0, next: nil))
    #expect(try desk.check("a", .october(1, 0)).next == nil)
    #expect(try desk.check("high", .october(1, 0)).passes)
    desk.policy.user.perDay = 0
    #expect(try desk.check("high", .october(1, 0)).user == .init(count: 0, limit: 0, next: nil))
  }
}
