import Foundation
import Insight

/// What `bench learn` prints.
enum LearningReport {
  static func text(_ figures: LearningFigures) -> String {
    var table = TextTable(["environment", "policy", "clicks/oracle", "± std. error", "wanted", "changes found"])
    for row in figures.environments {
      table.add([
        row.environment, row.policy, String(format: "%.4f", row.ratio), String(format: "%.4f", row.error),
        row.target.map { String(format: row.ratio >= $0 ? "%.2f" : "%.2f MISSED", $0) } ?? "-",
        String(format: "%.1f", row.changes),
      ])
    }
    var speeds = TextTable(["model", "features", "ns", "decide+learn/s", "wanted"])
    for row in figures.speeds {
      speeds.add([
        row.model, row.features, String(format: "%.0f", row.nanoseconds), Int(row.perSecond).grouped,
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
