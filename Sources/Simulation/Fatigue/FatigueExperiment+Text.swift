import Fatigue
import Insight
import Model

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
    let now = traffic.policy.zone.clock(traffic.change)
    return """
      \(source): \(traffic.candidates.count.grouped) candidates for \(traffic.policy.businesses.count) businesses.
      On \(now) (\(traffic.policy.zone.name)) the operator makes every period above a day one day shorter.
      """
  }
}

extension FatigueExperiment.Result {
  /// Users, and in how many cases; a dash where nothing was.
  var table: String {
    var table = TextTable(["users (cases)", "1.0", "2.0"])
    func add(_ name: String, _ value: (FatigueMeasures) -> String) { table.add([name, value(one), value(two)]) }
    func add(_ name: String, _ count: KeyPath<FatigueMeasures, FatigueMeasures.Count>) {
      add(name) { measures in
        let count = measures[keyPath: count]
        return count.cases == 0 ? "–" : "\(count.users.grouped) (\(count.cases.grouped))"
      }
    }
    add("reached", \.reaches)
    add("1. once a period: again on the next day, too soon", \.adjacentDays)
    add("   once a period: again within the period", \.withinPeriod)
    add("2. told to wait: reached in the hour after the change", \.hourAfterChange)
    add("   told to wait: reached after the change, too soon", \.afterChange)
    add("3. reached again within the minimum gap", \.closerThanGap)
    add("   median time between reaches, of several a period") { $0.medianGap.map(Self.words) ?? "–" }
    add("no fault: several a period, more than that in some period", \.moreThanTimes)
    for dimension in FatigueVerdict.Dimension.allCases {
      add("refused by \(dimension.rawValue) (candidates)") { ($0.refused[dimension] ?? 0).grouped }
    }
    return table.text
  }

  /// `2d 3h`, `3h 12m`, `12m 5s`: two units, the rest cut.
  private static func words(_ span: TimeSpan) -> String {
    let seconds = span.milliseconds / 1000
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
    let shown = parts.drop { $0.0 == 0 }.prefix(2).map { "\($0.0)\($0.1)" }
    return shown.isEmpty ? "0s" : shown.joined(separator: " ")
  }
}
