import AttuneModel
import CommandSupport
import Foundation
import Learning
import Simulation

/// Measures how well and how fast learners choose.
struct LearningBenchmark {
  var rounds: Int
  var seeds: Int
  var kind: ModelKind

  /// The default; the same without its floor; the same without exploration at all; and at random.
  private var policies: [(name: String, policy: LearningExperiment.Policy, isJudged: Bool)] {
    [
      ("default", .learner(LearnerConfiguration(kind: kind)), true),
      ("no floor", .learner(LearnerConfiguration(kind: kind, floor: 0)), false),
      ("greedy", .learner(LearnerConfiguration(kind: kind, optimism: 0, exploration: 0, floor: 0)), false),
      ("uniform", .uniform, false),
    ]
  }

  func ratios(_ environment: ClickEnvironment.Kind) throws -> [LearningFigures.Row] {
    try policies.map { name, policy, isJudged in
      let experiment = LearningExperiment(environment, policy, rounds: rounds)
      let results = try (0..<seeds).map { seed in
        Terminal.progress("measuring", nil, "\(environment.rawValue), \(name), seed \(seed + 1)")
        return try experiment.run(seed: UInt64(seed + 1))
      }
      return LearningFigures.Row(environment, name, target: isJudged ? environment.target : nil, results)
    }
  }

  /// The users and their clicks are made before: what is timed is to decide and to learn.
  func speed(_ kind: ModelKind, in environment: ClickEnvironment.Kind) throws -> LearningFigures.Speed {
    let rounds = min(rounds, 50_000)
    var users = ClickEnvironment(environment, rounds: rounds, seed: 1)
    var generator = SeededGenerator(seed: 1)
    let traffic = try (0..<rounds).map { _ in
      let user = users.next()
      let draw = generator.fraction()
      return (context: try Context(user.features), clicks: user.probabilities.map { draw < $0 })
    }
    let times = (0..<5).map { _ in
      var learner = Learner(
        LearnerConfiguration(kind: kind), dimensions: ClickEnvironment.features + 1, copies: ClickEnvironment.copies)
      let started = MonotonicTime.ofThread
      for user in traffic {
        guard let copy = learner.choose(user.context, using: &generator).copy else { continue }
        learner.learn(user.context, copy: copy, clicked: user.clicks[copy])
      }
      return Double(MonotonicTime.ofThread - started) / Double(max(1, rounds))
    }
    let median = times.sorted()[2]
    return LearningFigures.Speed(
      model: kind.name, features: environment == .push ? "4 of 20 are not 0" : "20 numbers", nanoseconds: median,
      perSecond: 1e9 / max(median, 1e-3), target: kind.target)
  }
}
