import AttuneModel
import Testing

@testable import Learning

/// Intervals of SNIPS and IPS beside sums over all decisions, as the formulas are written.
@Suite struct SelfNormalisedTests {
  @Test(arguments: 1...20 as ClosedRange<UInt64>) func asTheFormulasAreWritten(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var (whole, parts) = (OffPolicyEstimator(), [OffPolicyEstimator(), OffPolicyEstimator()])
    var seen: [(weight: Double, reward: Double)] = []
    for index in 0..<400 {
      let (propensity, target) = (0.1 + 0.9 * random.fraction(), random.fraction())
      // Rewards of fractions, and weights that go along with them.
      let reward = random.fraction() * target
      let decision = LoggedDecision(reward: reward, propensity: propensity)
      try whole.add(decision, target: target)
      try parts[index % 2].add(decision, target: target)
      seen.append((target / propensity, reward))
    }
    var merged = parts[0]
    merged.merge(parts[1])
    let count = Double(seen.count)
    let (sum, squares) = seen.reduce((0.0, 0.0)) { ($0.0 + $1.weight, $0.1 + $1.weight * $1.weight) }
    let ratio = seen.reduce(0) { $0 + $1.weight * $1.reward } / sum
    let snips =
      seen.reduce(0) { $0 + $1.weight * $1.weight * ($1.reward - ratio) * ($1.reward - ratio) } / (sum * sum) * count
      / (count - 1)
    let mean = sum * ratio / count
    let ips =
      seen.reduce(0) { $0 + ($1.weight * $1.reward - mean) * ($1.weight * $1.reward - mean) } / (count - 1) / count
    let score = ScoreInterval(alpha: 0.05)
    for estimator in [whole, merged] {
      let estimates = try estimator.estimates()
      for (ours, model) in [
        (estimates.snips, score.interval(ratio, variance: snips, size: sum * sum / squares)),
        (estimates.ips, score.interval(mean, variance: ips, size: sum * sum / squares)),
      ] {
        for (a, b) in [(ours.estimate, model.estimate), (ours.low, model.low), (ours.high, model.high)] {
          #expect((a - b).magnitude < 1e-9, "seed \(seed): \(ours) \(model)")
        }
      }
    }
  }

  /// A little above 1 is rounding, of ours or of whoever wrote the log; more is a mistake.
  @Test func propensitiesAreRoundedToOne() throws {
    var estimator = OffPolicyEstimator()
    for propensity in [1.0000000000000002, 1 + 1e-10] {
      try estimator.add(LoggedDecision(reward: 1, propensity: propensity), target: 1)
    }
    #expect(estimator.overlap.maxWeight <= 1 && estimator.overlap.count == 2)
    #expect(throws: EvaluationError.self) {
      try estimator.add(LoggedDecision(reward: 1, propensity: 1.001), target: 1)
    }
    // One copy, with any belief: it is chosen for certain.
    for floor in [0, 0.03, 0.1, 0.3] {
      var configuration = LearnerConfiguration()
      configuration.floor = floor
      for step in -60...60 {
        let scores = [Score(mean: Double(step) / 10, variance: 0.3)]
        let propensity = Propensity(scores, CopyUtilities(costs: [0]), configuration).of(0)
        #expect(propensity <= 1 && propensity > 1 - 1e-7, "\(step): \(propensity)")
      }
    }
  }
}
