import Learning
import Simulation
import Testing

@Suite struct LearningExperimentTests {
  @Test(arguments: ClickEnvironment.Kind.allCases) func usersAreOfTheSeed(_ kind: ClickEnvironment.Kind) {
    var (one, two) = (ClickEnvironment(kind, rounds: 100, seed: 1), ClickEnvironment(kind, rounds: 100, seed: 1))
    var other = ClickEnvironment(kind, rounds: 100, seed: 2)
    for _ in 0..<100 {
      let (a, b, c) = (one.next(), two.next(), other.next())
      #expect(a.features == b.features && a.probabilities == b.probabilities && a.probabilities != c.probabilities)
      #expect(a.features.count == 20 && a.probabilities.count == 5)
      #expect(a.probabilities.allSatisfy { 0 < $0 && $0 < 1 })
      if kind == .push { #expect(a.features.reduce(0, +) == 4) }
    }
  }

  @Test func halfWayEachCopyTakesOverTheNextOnes() {
    let rounds = 10
    var (dense, drift) = (
      ClickEnvironment(.dense, rounds: rounds, seed: 3), ClickEnvironment(.drift, rounds: rounds, seed: 3)
    )
    for round in 0..<rounds {
      let (still, turned) = (dense.next().probabilities, drift.next().probabilities)
      #expect(turned == (round < 5 ? still : Array(still[1...] + still[..<1])), "round \(round)")
    }
  }

  @Test func theLearnerIsBetweenTheLotAndTheOracle() throws {
    let learning = LearningExperiment.Policy.learner(LearnerConfiguration(kind: .diagonal))
    let uniform = try LearningExperiment(.dense, .uniform, rounds: 1_500).run(seed: 1)
    let learner = try LearningExperiment(.dense, learning, rounds: 1_500).run(seed: 1)
    #expect(learner.oracle == uniform.oracle)
    #expect(uniform.ratio > 0.3 && uniform.ratio < 0.6, "\(uniform)")
    #expect(learner.ratio > uniform.ratio + 0.1 && learner.ratio < 1, "\(learner)")
    let (one, two) = (
      LearningExperiment(.push, learning, rounds: 100), LearningExperiment(.push, learning, rounds: 100)
    )
    #expect(try one.run(seed: 1).clicks == two.run(seed: 1).clicks)
    #expect(try LearningExperiment(.dense, .uniform, rounds: 0).run(seed: 1).ratio == 0)
  }
}
