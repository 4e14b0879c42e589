import AttuneModel
import Fatigue
import Insight

extension FatigueExperiment {
  /// The whole report for a terminal.
  public var text: String {
    results.map { opening($0) + "\n\n" + $0.table + "\n\n" + $0.chart.text() }.joined(separator: "\n\n\n") + "\n"
  }

  private func opening(_ result: Result) -> String {
    let traffic = result.traffic
    let source =
      traffic.name == "population"
      ? "A population of \(users.grouped) users, \(days.grouped) days, seed \(seed)"
      : "The recorded log: what came as far as fatigue"
    let zone = traffic.policy.zone
    let counts = "\(traffic.candidates.count.grouped) candidates for \(traffic.policy.businesses.count) businesses."
    guard !traffic.candidates.isEmpty else { return "\(source): \(counts)" }
    return """
      \(source): \(counts)
      At \(zone.clock(traffic.change)) (\(zone.name)) the operator makes every period above a day one day shorter.
      """
  }
}

extension FatigueExperiment.Result {
  /// Users, and in how many cases; for a policy of n days, m times, a gap of t.
  var table: String {
    var table = TextTable(["users (cases)", "1.0", "2.0"])
    func add(_ name: String, _ value: (FatigueMeasures) -> String) { table.add([name, value(one), value(two)]) }
    func add(_ name: String, _ count: KeyPath<FatigueMeasures, FatigueMeasures.Count>) {
      add(name) { measures in
        let count = measures[keyPath: count]
        return count.cases == 0 ? "0" : "\(count.users.grouped) (\(count.cases.grouped))"
      }
    }
    add("reached", \.reaches)
    add("1. once in n days: again on the next day, too soon", \.adjacentDays)
    add("   once in n days: again within n days", \.withinPeriod)
    add("2. n changed: reached in the hour after, told to wait before", \.hourAfterChange)
    add("   n changed: reached at any time before that wait was over", \.afterChange)
    add("3. reached again sooner than t", \.closerThanGap)
    add("   median time to the next reach, m > 1") { $0.medianGap?.words ?? "–" }
    add("   (m > 1: more than m in the last n days; no version forbids it)", \.moreThanTimes)
    for dimension in FatigueVerdict.Dimension.allCases {
      add("refused by \(dimension.rawValue), candidates") { ($0.refused[dimension] ?? 0).grouped }
    }
    return table.text
  }
}
