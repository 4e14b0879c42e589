import Insight
import Simulation

/// What `bench allocate` finds.
struct AllocationFigures: Encodable {
  var seeds: Int
  var rows: [Row]

  struct Row: Encodable {
    var environment: String
    var rounds: Int
    var trial: String
    /// Expected clicks to the bound, mean over seeds.
    var ratio: Double
    /// Standard error of the mean.
    var error: Double
    var target: Double?
    var ratios: [Double]
    /// Sends over a maximum or under a minimum, all seeds together.
    var violations: Int
    var floor: String?

    init(_ trial: AllocationTrial, _ results: [AllocationExperiment.Result]) {
      environment = trial.environment.rawValue
      rounds = trial.experiment.rounds
      self.trial = trial.name
      target = trial.target
      floor = trial.floor
      ratios = results.map(\.ratio)
      violations = results.reduce(0) { $0 + $1.violations }
      let count = Double(max(1, ratios.count))
      let mean = ratios.reduce(0, +) / count
      ratio = mean
      error = (ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1) / count).squareRoot()
    }
  }

  /// What a trial may not fall below is what another one reached.
  static func compareWrongForecasts(in rows: inout [Row]) {
    for index in rows.indices {
      let row = rows[index]
      guard let floor = row.floor else { continue }
      rows[index].target =
        rows.first { $0.trial == floor && $0.environment == row.environment && $0.rounds == row.rounds }?.ratio
    }
  }

  var text: String {
    var table = TextTable(["environment", "rounds", "arrivals", "value/bound", "± std. error", "target", "violations"])
    for row in rows {
      // To a half of a thousandth: what is compared with another run has its noise.
      let isMet = row.ratio >= (row.target ?? 0) - (row.floor == nil ? 0 : 0.0005)
      table.add([
        row.environment, row.rounds.grouped, row.trial, row.ratio.decimal(4),
        row.error.decimal(4),
        row.target.map { $0.decimal(4) + (isMet ? "" : " MISSED") } ?? "-", row.violations.grouped,
      ])
    }
    return "\(seeds) seeds, 5 copies\n\n\(table.text)"
  }
}
