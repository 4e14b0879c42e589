import AttuneModel
import Testing

@testable import Learning

@Suite struct PropensityTests {
  private static let configuration = LearnerConfiguration(optimism: 0.5, exploration: 0.7, floor: 0.03)

  private struct Case {
    var scores: [Score]
    var terms: CopyUtilities

    init(_ generator: inout SeededGenerator) {
      let copies = 1 + Int(generator.fraction() * 5)
      scores = (0..<copies).map { _ in
        Score(
          mean: -2 + generator.normal(), variance: generator.fraction() < 0.2 ? 0 : 0.5 * generator.fraction())
      }
      terms = CopyUtilities()
      if generator.fraction() < 0.5 { terms.costs = scores.map { _ in 0.2 * (generator.fraction() - 0.5) } }
      if generator.fraction() < 0.3 { terms.eligible = scores.map { _ in generator.fraction() < 0.7 } }
      if generator.fraction() < 0.3 { terms.hold = 0.2 * generator.fraction() }
      if generator.fraction() < 0.3 { terms.value = 3 }
      if generator.fraction() < 0.5 {
        let costs = scores.map { _ in 0.1 * (generator.fraction() - 0.6) }
        terms.alternative = CopyUtilities.Alternative(value: 0.3 * terms.value, costs: costs)
      }
    }

    var outcomes: [Int?] { scores.indices.map { $0 } + [nil] }
  }

  @Test func theyAreWhatIsChosen() {
    for seed in 1...12 as ClosedRange<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let problem = Case(&generator)
      let learner = Learner(Self.configuration, dimensions: 1, copies: problem.scores.count)
      let rounds = 3_000
      var counts = [Int](repeating: 0, count: problem.scores.count + 1)
      for _ in 0..<rounds {
        counts[learner.choose(problem.scores, problem.terms, using: &generator).copy ?? problem.scores.count] += 1
      }
      let propensity = learner.propensity(problem.scores, problem.terms)
      for (outcome, count) in zip(problem.outcomes, counts) {
        let p = propensity.of(outcome)
        let error = (max(p * (1 - p), 1e-9) / Double(rounds)).squareRoot()
        let share = Double(count) / Double(rounds)
        #expect(abs(share - p) < 4.5 * error + 1e-9, "seed \(seed): \(outcome.map { "\($0)" } ?? "hold") \(share) \(p)")
      }
    }
  }

  @Test func theyAddUpToOne() {
    for seed in 1...60 as ClosedRange<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let problem = Case(&generator)
      let propensity = Propensity(problem.scores, problem.terms, Self.configuration)
      let sum = problem.outcomes.reduce(0) { $0 + propensity.of($1) }
      #expect(abs(sum - 1) < 1e-8, "seed \(seed): \(sum)")
    }
  }

  /// Beside a plain sum over a fine grid of one copy's draw.
  @Test func theIntegralIsThatOfAFineGrid() {
    for seed in 1...8 as ClosedRange<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let scores = (0..<4).map { _ in
        // Some so sure that the others' curves are steps.
        Score(mean: -2 + 0.5 * generator.normal(), variance: seed % 2 == 0 ? 0.3 : 1e-5 + 0.3 * generator.fraction())
      }
      let terms = CopyUtilities(costs: (0..<4).map { _ in 0.05 * generator.fraction() })
      let propensity = Propensity(scores, terms, Self.configuration)
      let draws = scores.map { Self.configuration.draw(of: $0) }
      let steps = 20_000
      var sum = 0.0
      for step in 0..<steps {
        let t = -8.0 + 16 * (Double(step) + 0.5) / Double(steps)
        let z = draws[1].mean + draws[1].deviation * t
        let utility = terms.utility(1, logOdds: z)
        var product = Normal.density(t) * 16 / Double(steps)
        for other in [0, 2, 3] {
          let p = utility + terms.cost(other)
          let limit = p <= 0 ? -Double.infinity : p >= 1 ? .infinity : Elementary.logit(p)
          product *= Normal.cumulative((limit - draws[other].mean) / draws[other].deviation)
        }
        sum += product
      }
      let expected = 0.97 * sum + 0.03 / 4
      #expect(abs(propensity.of(1) - expected) < 1e-6, "seed \(seed): \(propensity.of(1)) \(expected)")
    }
  }

  @Test func theFloorHasNoSayInWhetherToHold() {
    let sure = [-1.0, -2].map { Score(mean: $0, variance: 0) }
    let held = Propensity(sure, CopyUtilities(hold: 0.5), Self.configuration)
    #expect(held.of(nil) == 1 && held.of(0) == 0 && held.of(1) == 0)
    let sent = Propensity(sure, CopyUtilities(hold: 0.2), Self.configuration)
    #expect(sent.of(nil) == 0 && abs(sent.of(0) - 0.985) < 1e-12 && abs(sent.of(1) - 0.015) < 1e-12)
    let even = Propensity(
      [Score(mean: -1, variance: 0.1), Score(mean: -9, variance: 0)],
      CopyUtilities(hold: Elementary.sigmoid(-1 + 0.5 * 0.1.squareRoot())), Self.configuration)
    #expect(abs(even.of(nil) - 0.5) < 1e-8 && abs(even.of(1) - 0.0075) < 1e-8)
  }

  @Test func certainScoresAndTiesAreDecided() {
    let sure = [-1.0, -1, -2].map { Score(mean: $0, variance: 0) }
    let propensity = Propensity(sure, CopyUtilities(), Self.configuration)
    #expect(abs(propensity.of(0) - 0.98) < 1e-12, "the first of equals, and its share of the floor")
    #expect(abs(propensity.of(1) - 0.01) < 1e-12 && abs(propensity.of(2) - 0.01) < 1e-12 && propensity.of(nil) == 0)
    #expect(propensity.of(3) == 0 && propensity.of(-1) == 0)
    let one = Propensity([Score(mean: -3, variance: 0.2)], CopyUtilities(), Self.configuration)
    #expect(abs(one.of(0) - 1) < 1e-9 && one.of(nil) == 0)
    let none = Propensity(sure, CopyUtilities(eligible: [false, false, false]), Self.configuration)
    #expect(none.of(nil) == 1 && none.of(0) == 0)
    let dear = Propensity(sure, CopyUtilities(costs: [.nan, .nan, .infinity]), Self.configuration)
    #expect(abs(dear.of(nil) - 0.97) < 1e-12 && abs(dear.of(2) - 0.01) < 1e-12)
    let twins = [Score(mean: -1, variance: 0.1), Score(mean: -1, variance: 0.1)]
    #expect(abs(Propensity(twins, CopyUtilities(), Self.configuration).of(1) - 0.5) < 1e-9)
  }
}
