import AttuneModel
import Fatigue
import Testing

@testable import Simulation

/// Each measure on a story short enough to be counted by hand. Day 0 begins at the origin; windows of 1.0 at midnight.
@Suite struct FatigueMeasuresTests {
  private typealias Limit = FatiguePolicy.BusinessLimit

  private static func hour(_ hours: Double) -> Instant { Instant(milliseconds: Int64(hours * 3_600_000)) }

  /// Reaches at so many hours after the origin; the last candidate decides when the operator comes.
  private static func result(
    _ limit: Limit, until: Double, _ hours: [String: [Double]]
  ) throws -> FatigueExperiment.Result {
    var candidates = hours.flatMap { user, hours in
      hours.map { FatigueTraffic.Candidate(at: hour($0), user: user, business: "a") }
    }
    // Two who mark the first and the last day.
    candidates.append(.init(at: hour(0), user: "first", business: "b"))
    candidates.append(.init(at: hour(until), user: "last", business: "b"))
    let policy = FatiguePolicy(
      zone: .utc, user: .init(perDay: 1000),
      businesses: ["a": limit, "b": Limit(scene: "s", days: 1, times: 1, minGap: .zero)])
    return try FatigueExperiment.Result(FatigueTraffic(name: "story", candidates: candidates, policy: policy))
  }

  private static func limit(
    days: Int = 1, times: Int = 1, gap: TimeSpan = .zero, obeys: Bool = true, counts: Bool = true
  ) -> Limit {
    Limit(scene: "s", days: days, times: times, minGap: gap, obeys: obeys, counts: counts)
  }

  @Test func reachesOnBothSidesOfMidnight() throws {
    // Ann gets it at 23:50 and 00:05; Bob at 12:00 and a day and a minute later, as he may.
    let story = ["ann": [23.84, 24.09, 24.2], "bob": [12, 36.02]]
    let result = try Self.result(Self.limit(), until: 400, story)
    #expect(result.one.adjacentDays.users == 1 && result.one.adjacentDays.cases == 1)
    #expect(result.one.withinPeriod.users == 1 && result.one.withinPeriod.cases == 1)
    #expect(result.two.isFaultless)
    // With the two who mark the days: all but one of Ann's, and all but two of hers.
    #expect(result.one.reaches.cases == 6 && result.two.reaches.cases == 5 && result.two.reaches.users == 4)
  }

  @Test func withinAPeriodButNotOnAdjacentDays() throws {
    // n = 3: windows end after days 2 and 5; days 1 and 3 are not adjacent.
    let result = try Self.result(Self.limit(days: 3), until: 1000, ["ann": [30, 90], "bob": [71, 73]])
    #expect(result.one.withinPeriod.users == 2 && result.one.adjacentDays.users == 1)
    #expect(result.two.isFaultless && result.two.refused[.window] == 2)
  }

  @Test func anOperatorVoidsWhatWasCounted() throws {
    // Two days in, at 20:00 (hour 68), 3 days become 2. Ann comes again within the hour, Bob two hours later; Cleo had
    // nothing before; Dora's windows, of either kind, are over.
    let story = ["ann": [60, 68.5], "bob": [60, 61, 70], "cleo": [68.5], "dora": [1, 74]]
    let result = try Self.result(Self.limit(days: 3), until: 130, story)
    #expect(result.traffic.change == Self.hour(68) && result.traffic.changed.businesses["a"]?.days == 2)
    #expect(result.one.hourAfterChange.users == 1 && result.one.hourAfterChange.cases == 1)
    #expect(result.one.afterChange.users == 2 && result.one.afterChange.cases == 2)
    #expect(result.one.withinPeriod.cases == 0, "the first fault is another")
    #expect(result.two.isFaultless && result.two.refused[.window] == 3)
  }

  @Test func reachesThatComeTogether() throws {
    let limit = Self.limit(days: 7, times: 3, gap: .hours(4))
    let result = try Self.result(limit, until: 2000, ["ann": [1, 1.01, 1.1, 1.2], "bob": [1, 5, 9]])
    #expect(result.one.closerThanGap.users == 1 && result.one.closerThanGap.cases == 2)
    #expect(result.one.gaps == [1, 1, 0, 0, 2, 0, 0, 0] && result.one.medianGap == .hours(4))
    #expect(result.two.gaps == [0, 0, 0, 0, 2, 0, 0, 0] && result.two.isFaultless)
    #expect(result.two.refused == [.gap: 3])
  }

  @Test func moreThanTimesInAPeriodThatSlides() throws {
    // Ann's third comes when the window that opened at hour 2 ends, and a day after her second.
    let result = try Self.result(Self.limit(days: 2, times: 2), until: 2000, ["ann": [2, 26, 50, 51]])
    #expect(result.two.reaches.cases == 6 && result.two.moreThanTimes.cases == 1)
    #expect(result.one.moreThanTimes.cases == 1 && result.two.isFaultless)
  }

  @Test(arguments: [limit(obeys: false), limit(counts: false)])
  private func whatIsNotLimitedIsNoFault(limit: Limit) throws {
    let result = try Self.result(limit, until: 400, ["ann": [23.9, 23.95, 24.01, 24.02]])
    #expect(result.one.reaches.cases == 6 && result.one.isFaultless && result.two.isFaultless)
    #expect(result.one.gaps.allSatisfy { $0 == 0 })
  }
}
