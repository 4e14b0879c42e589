import AttuneModel
import Codec
import Insight
import Testing

@Suite struct FunnelTests {
  private var tally: Tally {
    var tally = Tally()
    func add(
      _ stage: Tally.Stage, _ count: Int, rule: String = "r", business: String = "a", detail: String = "",
      day: Int64 = 1
    ) {
      tally.add(
        Tally.Key(day: day, stage: stage, source: .rule(rule), scene: "s", business: business, detail: detail), count)
    }
    tally.add(Tally.Key(day: 1, stage: .matched, source: .rule("r")), 10)
    add(.routed, 10)
    add(.routed, 10, business: "b")
    add(.refused, 4, detail: "fatigue.gap")
    add(.refused, 1, detail: "consent")
    add(.deferred, 2, detail: "quietHours")
    add(.sent, 5, detail: "gentle")
    add(.taken, 4, detail: "gentle")
    add(.opened, 1, detail: "gentle")
    add(.sent, 10, business: "b", detail: "plain", day: 2)
    return tally
  }

  @Test func aBusinessIsShownTheMatchesOfItsRule() {
    let funnel = Funnel(tally, by: .business)
    #expect(funnel.rows.map(\.name) == ["a", "b"])
    #expect(funnel.rows.map { $0[.matched] } == [10, 10])
    #expect(funnel.total[.matched] == 10, "though it matched only once")
    #expect(funnel.rows[0].refusals == ["fatigue.gap": 4, "consent": 1])
    #expect(funnel.rows[0].openRate == 0.25)
    #expect(funnel.rows[1].openRate == nil)
  }

  @Test func everyDimensionSumsToTheSame() {
    for dimension in [Funnel.Dimension.business, .scene, .rule, .material, .day] {
      #expect(Funnel(tally, by: dimension).rows.reduce(0) { $0 + $1[.sent] } == 15, "\(dimension)")
    }
    let filters = Funnel(tally, by: .filter).rows
    #expect(filters.map(\.name) == ["consent", "fatigue.gap", "quietHours"])
    #expect(filters.map { $0[.refused] + $0[.deferred] } == [1, 4, 2])
    #expect(Funnel(tally, by: .material).rows.map(\.name) == ["a/gentle", "b/plain"])
  }

  @Test func daysAndTables() {
    let funnel = Funnel(tally, by: .day)
    #expect(funnel.rows.map(\.name) == ["1970-01-02", "1970-01-03"])
    #expect(funnel.rows.map { $0[.matched] } == [10, 0] && funnel.rows.map { $0[.sent] } == [5, 10])
    #expect(Funnel(tally, by: .day, days: 2...2).rows.map(\.name) == ["1970-01-03"])
    let lines = String(decoding: funnel.csv, as: UTF8.self).split(separator: "\r\n")
    #expect(lines.count == 3 && lines[0].hasPrefix("day,matched,routed,refused,"), "\(lines)")
    #expect(lines[1].hasPrefix("1970-01-02,10,20,5,2,0,5,0,4,"), "\(lines)")
  }

  /// A business of another team, whose messages are not ours to follow.
  @Test func reservationsAreCountedBesideMessages() {
    var tally = tally
    func add(_ stage: Tally.Stage, _ count: Int, _ detail: String = "") {
      tally.add(
        Tally.Key(day: 1, stage: stage, source: .reservation, scene: "s", business: "theirs", detail: detail), count)
    }
    add(.reserved, 7)
    add(.refused, 3, "fatigue.window")
    add(.refused, 2, "fatigue.user")
    add(.taken, 6)
    let funnel = Funnel(tally, by: .business)
    let row = funnel.rows.first { $0.name == "theirs" }
    #expect(row?[.reserved] == 7 && row?[.taken] == 6)
    #expect(row?.refusals == ["fatigue.window": 3, "fatigue.user": 2])
    #expect(row?.openRate == nil && funnel.total.openRate == 0.25)
    #expect(Funnel(tally, by: .scene).total[.reserved] == 7)
    #expect(Funnel(tally, by: .material).rows.map(\.name) == ["a/gentle", "b/plain"])
    #expect(funnel.table.contains("reserved"))
    #expect(funnel.chart().contains("reserved"))
    let cells = funnel.refusalTable?.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(cells?[0] == ["refused", "by", "consent", "fatigue.gap", "fatigue.user", "fatigue.window"])
    #expect(
      cells?[2...] == [
        ["a", "1", "4", "0", "0"], ["theirs", "0", "0", "2", "3"], ["total", "1", "4", "2", "3"],
      ])
    var json = JSONWriter()
    json.write(funnel)
    #expect(json.text.contains(#""refusedBy":{"fatigue.user":2,"fatigue.window":3}"#))
    #expect(Funnel(Tally(), by: .business).refusalTable == nil)
  }

  @Test func daysCanBeChosen() {
    #expect(Funnel(tally, by: .business, days: 2...2).total[.sent] == 10)
    #expect(Funnel(tally, by: .business, days: 2...2).total[.matched] == 0)
  }

  @Test func theTableShowsOnlyColumnsWithNumbers() {
    let header = Funnel(tally, by: .filter).table.split(separator: "\n").first
    #expect(header?.split(separator: " ").map(String.init) == ["filter", "refused", "deferred"])
  }

  @Test func chartBarsFollowTheNumbers() {
    let lines = Funnel(tally, by: .business).chart(width: 20).split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("routed") && $0.contains(String(repeating: "█", count: 20)) })
    #expect(lines.contains { $0.hasPrefix("fatigue.gap") && $0.hasSuffix(" 4") })
  }

  @Test func columnsLineUpInChineseToo() {
    var table = TextTable(["business", "sent"])
    table.add(["还在想吗", "1"])
    table.add(["a", "1,000"])
    let widths = table.text.split(separator: "\n").map { String($0).terminalWidth }
    #expect(Set(widths).count == 1)
  }
}
