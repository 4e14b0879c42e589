import Insight

/// What `bench learn` prints.
enum LearningReport {
  static func text(_ figures: LearningFigures) -> String {
    var table = TextTable(["environment", "policy", "clicks/oracle", "± std. error", "target", "changes found"])
    for row in figures.environments {
      table.add([
        row.environment, row.policy, row.ratio.decimal(4), row.error.decimal(4),
        row.target.map { $0.decimal(2) + (row.ratio >= $0 ? "" : " MISSED") } ?? "-",
        row.changes.decimal(1),
      ])
    }
    var speeds = TextTable(["model", "features", "ns", "decide+learn/s", "target"])
    for row in figures.speeds {
      speeds.add([
        row.model, row.features, row.nanoseconds.decimal(0), Int(row.perSecond).grouped,
        row.target.map { Int($0).grouped } ?? "-",
      ])
    }
    return """
      \(figures.rounds.grouped) rounds, \(figures.seeds) seeds, 5 copies, 20 features; the \(figures.model) model

      \(table.text)

      One thread, of processor; the default's floor and search for changes included

      \(speeds.text)
      """
  }
}
