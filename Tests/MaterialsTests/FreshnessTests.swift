import Materials
import Testing

@Suite struct FreshnessTests {
  private let today: Int64 = 1000

  private func freshness(_ days: [(Int64, Int, Int)], past: CopyCounts? = nil) throws -> Freshness {
    var history = CopyHistory()
    for (ago, sends, clicks) in days { history.add(CopyCounts(sends: sends, clicks: clicks), on: today - ago) }
    let copy = try LibraryCopy(id: "a", title: "t", body: "b", past: past.map { LibraryCopy.Past(counts: $0) })
    let library = CopyLibrary([copy], histories: ["a": history], today: today)
    return try #require(library["a"]).freshness
  }

  @Test func states() throws {
    #expect(try freshness([]).state == .new)
    #expect(try freshness([(3, 10_000, 300)]).state == .new, "nothing earlier")
    #expect(try freshness([(40, 10_000, 300)]).state == .rested)
    #expect(try freshness([(40, 10_000, 300), (3, 10_000, 100)]).state == .wornOut)
    #expect(try freshness([(40, 10_000, 300), (3, 10_000, 310)]).state == .fresh)
    #expect(try freshness([(40, 100, 3), (3, 100, 2)]).state == .unclear)
    #expect(
      try freshness([(40, 10_000_000, 300_000), (3, 10_000_000, 290_000)]).state == .fresh, "a small loss is none")
    #expect(try freshness([(3, 10_000, 100)], past: CopyCounts(sends: 10_000, clicks: 300)).state == .wornOut)
  }

  /// What was sent today has had no time to be clicked.
  @Test func todayIsLeftOut() throws {
    #expect(try freshness([(40, 10_000, 300), (3, 10_000, 300), (0, 50_000, 0)]).state == .fresh)
    #expect(try freshness([(15, 10_000, 100), (16, 10_000, 300)]).state == .wornOut, "15 days ago is of late")
  }

  @Test func ratioWithItsInterval() throws {
    let freshness = try freshness([(40, 10_000, 400), (3, 10_000, 200)])
    let (ratio, interval) = (try #require(freshness.ratio), try #require(freshness.interval))
    #expect(abs(ratio - 0.5) < 0.002)
    // sqrt(1/200 + 1/400) = .0866, nearly.
    #expect(abs(interval.lowerBound - 0.424) < 0.005 && abs(interval.upperBound - 0.591) < 0.005, "\(interval)")
  }

  @Test func wearinessHalvesEvery15Days() throws {
    #expect(abs(Freshness.weariness(afterDays: 0) - 0.017) < 1e-12)
    #expect(abs(Freshness.weariness(afterDays: 15) - 0.0085) < 1e-12)
    #expect(Freshness.weariness(afterDays: -3) == Freshness.weariness(afterDays: 0))
    #expect(abs(try freshness([(30, 10, 0)]).weariness - 0.00425) < 1e-12)
    #expect(try freshness([]).weariness == 0)
  }
}
