import CommandSupport
import Learning
import Simulation

/// What `bench learn` finds.
struct LearningFigures: Encodable {
  var rounds: Int
  var seeds: Int
  var model: String
  var environments: [Row]
  var speeds: [Speed]

  /// A policy in an environment: expected clicks to the oracle's, mean over seeds.
  struct Row: Encodable {
    var environment: String
    var policy: String
    var ratio: Double
    /// Standard error of the mean.
    var error: Double
    /// At least, by SMART-PUSH.md, of the default.
    var target: Double?
    var ratios: [Double]
    /// Changes of the world that were found, mean over seeds.
    var changes: Double

    init(
      _ environment: ClickEnvironment.Kind, _ policy: String, target: Double?, _ results: [LearningExperiment.Result]
    ) {
      self.environment = environment.rawValue
      self.policy = policy
      self.target = target
      ratios = results.map(\.ratio)
      let count = Double(max(1, ratios.count))
      let mean = ratios.reduce(0, +) / count
      ratio = mean
      error = (ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1) / count).squareRoot()
      changes = Double(results.reduce(0) { $0 + $1.changes }) / count
    }
  }

  /// Decisions of five copies in 21 dimensions, each learned from, on one core.
  struct Speed: Encodable {
    var model: String
    var features: String
    /// Of processor, a decision and what is learned from it.
    var nanoseconds: Double
    var perSecond: Double
    var target: Double?
  }
}

extension ClickEnvironment.Kind {
  /// Clicks to the oracle's that SMART-PUSH.md asks for.
  var target: Double {
    switch self {
    case .dense: 0.96
    case .push: 0.93
    case .drift: 0.87
    }
  }
}

extension ModelKind {
  /// Decisions a second, each learned from, that SMART-PUSH.md asks for.
  var target: Double {
    switch self {
    case .hybrid: 50_000
    case .full: 200_000
    case .diagonal: 1_500_000
    }
  }
}
