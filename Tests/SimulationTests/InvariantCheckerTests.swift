import AttuneModel
import Testing

@testable import Simulation

/// Fed with logs that break exactly one promise each, the checker names that one and no other.
@Suite struct InvariantCheckerTests {
  private static let promises = Promises(
    perDay: 2,
    businesses: [
      "deal": Promises.Business(
        window: .days(7), times: 3, gap: .hours(1), asks: true, topic: "deals",
        quiet: Promises.Quiet(from: 22 * 3_600_000, to: 8 * 3_600_000)),
      "news": Promises.Business(window: .days(1), times: 9, gap: .zero, asks: true, topic: "news"),
      "order": Promises.Business(window: .days(1), times: 1, gap: .days(1), obeys: false, counts: false),
    ])

  /// Noon of 1970-01-02 in Shanghai.
  private static let noon = Instant(milliseconds: 86_400_000 + 4 * 3_600_000)

  private func line(
    _ id: Int, _ business: String, _ at: Instant = noon, user: String = "u", _ material: String = ""
  ) -> LogLine {
    LogLine(id: "0-\(id)", user: user, business: business, material: material, at: at)
  }

  private func broken(_ lines: [LogLine], optOuts: [InvariantChecker.OptOut] = []) -> [String] {
    let shanghai = Zone(name: "Asia/Shanghai", initialOffset: 8 * 3600)
    let zones = Dictionary(uniqueKeysWithValues: ["u", "v", "v1", "v2", "v3"].map { ($0, shanghai) })
    let checker = InvariantChecker(promises: Self.promises, zones: zones, optOuts: optOuts)
    return checker.check(lines).filter { !$0.holds }.map(\.name)
  }

  @Test func nothingIsBroken() {
    let noon = Self.noon
    let lines = [
      line(1, "deal"), line(2, "deal", noon + .hours(1)), line(3, "order"), line(4, "order"), line(5, "order"),
      line(6, "deal", noon + .days(1)), line(7, "deal", noon + .days(7)), line(8, "news", noon + .hours(36)),
    ]
    #expect(broken(lines) == [])
    #expect(broken([]) == [])
  }

  @Test func aMessageTwice() {
    #expect(broken([line(1, "order"), line(1, "order")]) == ["no message twice"])
  }

  @Test func tooManyADay() {
    let lines = [line(1, "news"), line(2, "news"), line(3, "news")]
    #expect(broken(lines) == ["at most 2 a day for each user, by the user's calendar"])
    #expect(broken((1...3).map { line($0, "news", user: "v\($0)") }) == [])
  }

  /// Midnight of Shanghai is 16:00 UTC.
  @Test func theDayIsTheUsersOwn() {
    let midnight = Self.noon + .hours(12)
    let before = midnight - .seconds(1)
    #expect(broken([line(1, "news", before), line(2, "news", before), line(3, "news", midnight)]) == [])
    #expect(
      broken([line(1, "news", midnight), line(2, "news", midnight), line(3, "news", midnight + .hours(9))]).count == 1)
  }

  @Test(arguments: [(21 * 60 + 59, true), (22 * 60, false), (3 * 60, false), (7 * 60 + 59, false), (8 * 60, true)])
  func quietHours(minute: Int, isKept: Bool) {
    let at = Self.noon - .hours(12) + .minutes(Int64(minute))
    #expect(broken([line(1, "deal", at)]) == (isKept ? [] : ["nothing in quiet hours, by the user's clock"]))
    #expect(broken([line(1, "news", at)]) == [])
  }

  @Test func afterAnOptOut() {
    let name = "nothing after an opt-out"
    func optOut(_ topic: String?, _ at: Instant) -> [InvariantChecker.OptOut] {
      [InvariantChecker.OptOut(user: "u", topic: topic, at: at)]
    }
    let (noon, before) = (Self.noon, Self.noon - .seconds(1))
    #expect(broken([line(1, "deal")], optOuts: optOut("deals", before)) == [name])
    #expect(broken([line(1, "deal")], optOuts: optOut(nil, before)) == [name])
    #expect(broken([line(1, "deal")], optOuts: optOut("news", before)) == [])
    #expect(broken([line(1, "deal")], optOuts: optOut("deals", noon)) == [], "decided at the very instant")
    #expect(broken([line(1, "order")], optOuts: optOut(nil, before)) == [], "not asked for")
    #expect(broken([line(1, "deal", user: "v")], optOuts: optOut(nil, before)) == [], "somebody else's")
  }

  @Test func tooCloseTogether() {
    let near = Self.noon + .hours(1) - .seconds(1)
    let name = "the least gap between two of one business"
    #expect(broken([line(1, "deal"), line(2, "deal", near)]) == [name])
    #expect(broken([line(2, "deal", near), line(1, "deal")]) == [name], "whatever their order in the file")
    #expect(broken([line(1, "deal"), line(2, "news", near)]) == [])
  }

  @Test func tooManyInAWindow() {
    let lines = (0..<4).map { line($0, "deal", Self.noon + .days(Int64($0))) }
    #expect(broken(lines) == ["no business beyond its times in a window"])
    let later = Array(lines.dropLast()) + [line(9, "deal", Self.noon + .days(7))]
    #expect(broken(later) == [], "a new window")
  }

  @Test func campaigns() {
    let campaign = Promises.Campaign(
      copies: [.init("a", maximum: 2), .init("b", channel: "push")], total: 4, channels: ["push": 1], holdout: 0)
    func broken(_ said: [String], _ users: [String]? = nil, holdout: Double = 0) -> [String] {
      var campaign = campaign
      campaign.holdout = holdout
      let lines = said.enumerated().map { place, copy in
        line(place, "sale", user: users?[place] ?? "v\(place)", copy)
      }
      let promises = Promises(perDay: 9, businesses: [:], campaigns: ["sale": campaign])
      return InvariantChecker(promises: promises, zones: [:], optOuts: []).checkCampaigns(lines).filter { !$0.holds }
        .map(\.name)
    }
    let (quota, once) = ("no quota of a campaign exceeded", "one message of a campaign for each user")
    #expect(broken(["a", "a", "b"]) == [])
    #expect(broken(["a", "b", "a", "a"]) == [quota], "a copy")
    #expect(broken(["b", "a", "b"]) == [quota], "a channel")
    #expect(broken(["unknown"]) == [quota])
    #expect(broken(["a", "b"], ["u", "u"]) == [once])
    #expect(broken(["a"], holdout: 1) == ["nobody of a campaign's holdout reached"])
  }

  @Test func examplesNameTheMessage() {
    let checker = InvariantChecker(promises: Self.promises, zones: [:], optOuts: [])
    let invariant = checker.check((0..<9).map { line(1, "news", Self.noon + .days(Int64($0))) })[0]
    #expect(invariant.checked == 9)
    #expect(invariant.violations == 8)
    #expect(invariant.examples.count == 3)
    #expect(invariant.examples[0].contains("0-1 to u for news"))
  }
}
