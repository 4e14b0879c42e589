import AttuneModel
import Learning
import Testing

@Suite struct OffPolicyTests {
  /// A logging policy, a policy to evaluate, and rates that depend on a context of three kinds.
  private struct World {
    var rates: [[Double]]
    var logged: [Double]
    var target: [[Double]]

    /// Four arms; the first is logged most and earns least.
    static let clicks = World(
      rates: [[0.02, 0.05, 0.03, 0.06], [0.02, 0.03, 0.08, 0.04], [0.01, 0.06, 0.02, 0.05]],
      logged: [0.55, 0.25, 0.15, 0.05],
      target: [[0.1, 0.2, 0.1, 0.6], [0.05, 0.05, 0.8, 0.1], [0.1, 0.7, 0.1, 0.1]])

    var value: Double {
      zip(rates, target).reduce(0) { $0 + zip($1.0, $1.1).reduce(0) { $0 + $1.0 * $1.1 } } / Double(rates.count)
    }
    var loggedValue: Double {
      rates.reduce(0) { $0 + zip($1, logged).reduce(0) { $0 + $1.0 * $1.1 } } / Double(rates.count)
    }

    struct Draw {
      var context: Int
      var arm: Int
      var decision: LoggedDecision
    }

    func draw(_ generator: inout SeededGenerator) -> Draw {
      let context = Int(generator.next() % UInt64(rates.count))
      var (arm, left) = (0, generator.fraction())
      while arm < logged.count - 1, left >= logged[arm] {
        left -= logged[arm]
        arm += 1
      }
      let click = generator.fraction() < rates[context][arm]
      return Draw(
        context: context, arm: arm, decision: LoggedDecision(reward: click ? 1 : 0, propensity: logged[arm]))
    }

    /// - Parameter model: What is expected of a context and an arm.
    func estimator(
      _ count: Int, _ generator: inout SeededGenerator, model: (Int, Int) -> Double
    ) throws -> OffPolicyEstimator {
      var estimator = OffPolicyEstimator()
      for _ in 0..<count {
        let draw = draw(&generator)
        let expected = logged.indices.map { model(draw.context, $0) }
        try estimator.add(
          draw.decision, target: target[draw.context][draw.arm],
          modelled: ModelledReward(arm: draw.arm, expected: expected, target: target[draw.context]))
      }
      return estimator
    }
  }

  private struct Coverage {
    var hits = [0, 0, 0, 0]
    var sums = [0.0, 0.0, 0.0, 0.0]
    var runs = 0.0

    mutating func add(_ estimates: OffPolicyEstimates, value: Double, gain: Double) {
      runs += 1
      let all = [(estimates.ips, value), (estimates.snips, value), (estimates.dr, value), (estimates.gain, gain)]
      for (index, (interval, truth)) in all.enumerated() {
        hits[index] += interval.contains(truth) ? 1 : 0
        sums[index] += interval.estimate
      }
    }
  }

  @Test func estimatesAreUnbiasedAndIntervalsHoldTheTruth() throws {
    let world = World.clicks
    var generator = SeededGenerator(seed: 21)
    var coverage = Coverage()
    for _ in 0..<300 {
      // A wrong model: DR must bear it.
      let estimates = try world.estimator(600, &generator) { _, arm in 0.02 * Double(arm) }.estimates()
      coverage.add(estimates, value: world.value, gain: world.value - world.loggedValue)
    }
    let truths = [world.value, world.value, world.value, world.value - world.loggedValue]
    for (index, name) in ["ips", "snips", "dr", "gain"].enumerated() {
      #expect(coverage.hits[index] >= 276, "\(name): \(coverage.hits[index]) of 300")
      #expect(abs(coverage.sums[index] / coverage.runs - truths[index]) < 0.0035, "\(name): \(coverage)")
    }
  }

  /// Like Open Bandit: eighty arms, clicks in hundreds, weights up to twenty.
  @Test func rareClicksAndUnevenWeights() throws {
    var generator = SeededGenerator(seed: 22)
    var target = (0..<80).map { _ in Elementary.exp(1.6 * generator.normal()) }
    let sum = target.reduce(0, +)
    target = target.map { $0 / sum }
    let rates = (0..<80).map { _ in 0.004 * Elementary.exp(0.5 * generator.normal()) }
    let world = World(rates: [rates], logged: [Double](repeating: 1.0 / 80, count: 80), target: [target])
    var coverage = Coverage()
    var naive = 0
    for _ in 0..<150 {
      var estimator = OffPolicyEstimator()
      var plain = Moments()
      for _ in 0..<2_000 {
        let draw = world.draw(&generator)
        try estimator.add(draw.decision, target: target[draw.arm])
        plain.add(target[draw.arm] * 80 * draw.decision.reward)
      }
      coverage.add(try estimator.estimates(), value: world.value, gain: world.value - world.loggedValue)
      naive += abs(plain.mean - world.value) <= 1.96 * plain.varianceOfMean.squareRoot() ? 1 : 0
    }
    #expect(coverage.hits.allSatisfy { $0 >= 138 }, "\(coverage.hits) of 150")
    #expect(naive < 130, "the normal interval fails here: \(naive) of 150")
  }

  @Test func aGoodModelNarrowsDR() throws {
    var generator = SeededGenerator(seed: 23)
    let rates = [[0.9, 0.1, 0.2, 0.8], [0.2, 0.9, 0.1, 0.7]]
    let world = World(
      rates: rates, logged: [0.4, 0.3, 0.2, 0.1], target: [[0.1, 0.2, 0.3, 0.4], [0.25, 0.25, 0.25, 0.25]])
    let estimates = try world.estimator(5_000, &generator) { rates[$0][$1] }.estimates()
    #expect(estimates.dr.high - estimates.dr.low < 0.8 * (estimates.ips.high - estimates.ips.low), "\(estimates)")
    #expect(estimates.dr.contains(world.value) && estimates.ips.contains(world.value))
  }

  /// A model that knows everything makes DR sure, not what the log earned.
  @Test func theGainIsNoSurerThanWhatItIsComparedWith() throws {
    var generator = SeededGenerator(seed: 27)
    let world = World(rates: [[0, 1]], logged: [0.5, 0.5], target: [[0.2, 0.8]])
    let gain = try world.estimator(400, &generator) { _, arm in arm == 0 ? 0.001 : 0.999 }.estimates().gain
    #expect(gain.high - gain.low > 0.09 && gain.contains(0.3), "\(gain)")
  }

  @Test func withoutAModelDRIsIPS() throws {
    var generator = SeededGenerator(seed: 24)
    let estimates = try World.clicks.estimator(500, &generator) { _, _ in 0 }.estimates()
    #expect(estimates.dr == estimates.ips)
  }

  /// By hand: weights 2, 0.5, 2 and 0.
  @Test func theFiguresAreThoseOfTheFormulas() throws {
    var estimator = OffPolicyEstimator()
    for (reward, propensity, target) in [(1.0, 0.25, 0.5), (0, 0.5, 0.25), (1, 0.5, 1), (1, 0.5, 0)] {
      try estimator.add(LoggedDecision(reward: reward, propensity: propensity), target: target)
    }
    let estimates = try estimator.estimates()
    #expect(estimates.ips.estimate == 1 && abs(estimates.snips.estimate - 4 / 4.5) < 1e-15)
    #expect(estimates.baseline.estimate == 0.75 && abs(estimates.gain.estimate - 0.25) < 1e-15)
    #expect(abs(estimator.overlap.effectiveSampleSize - 4.5 * 4.5 / 8.25) < 1e-12)
    #expect(estimator.overlap.maxWeight == 2 && estimator.overlap.weights.mean == 1.125)
  }

  @Test func partsMergeIntoTheWhole() throws {
    var generator = SeededGenerator(seed: 25)
    var whole = OffPolicyEstimator()
    var parts = [OffPolicyEstimator](repeating: OffPolicyEstimator(), count: 3)
    for _ in 0..<900 {
      let draw = World.clicks.draw(&generator)
      try whole.add(draw.decision, target: 0.25)
      try parts[Int(generator.next() % 3)].add(draw.decision, target: 0.25)
    }
    let merged = try parts.reduce(into: OffPolicyEstimator()) { $0.merge($1) }.estimates()
    let all = try whole.estimates()
    for (a, b) in [(merged.ips, all.ips), (merged.snips, all.snips), (merged.gain, all.gain)] {
      #expect(abs(a.estimate - b.estimate) < 1e-12 && abs(a.low - b.low) < 1e-12 && abs(a.high - b.high) < 1e-12)
    }
    #expect(try OffPolicyEstimator(decoding: whole.encoded()) == whole)
    #expect(throws: BinaryError.self) { try OffPolicyEstimator(decoding: [2]) }
  }
}

@Suite struct EvaluationRefusalTests {
  @Test func aLogThatCannotCarryTheAnswerIsRefused() throws {
    var estimator = OffPolicyEstimator()
    #expect(estimator.overlap.refusal?.code == .empty)
    for _ in 0..<1_000 { try estimator.add(LoggedDecision(reward: 1, propensity: 0.5), target: 0) }
    #expect(estimator.overlap.refusal?.code == EvaluationRefusal.Code.none)
    // Nine of a thousand speak: below one in a hundred.
    for _ in 0..<9 { try estimator.add(LoggedDecision(reward: 1, propensity: 0.5), target: 1) }
    let refusal = try #require(estimator.overlap.refusal)
    #expect(throws: refusal) { try estimator.estimates() }
    #expect(refusal.code == .little)
    #expect(
      "\(refusal)"
        == "the log says too little about the policy: 1009 decisions are worth 9 of its own, less than 1.00%")
    for _ in 0..<2 { try estimator.add(LoggedDecision(reward: 1, propensity: 0.5), target: 1) }
    #expect(throws: Never.self) { try estimator.estimates() }
  }

  @Test func badDecisionsAreTold() {
    var estimator = OffPolicyEstimator()
    func code(_ reward: Double, _ propensity: Double, _ target: Double, _ model: ModelledReward = .none)
      -> EvaluationError.Code?
    {
      do throws(EvaluationError) {
        try estimator.add(LoggedDecision(reward: reward, propensity: propensity), target: target, modelled: model)
        return nil
      } catch { return error.code }
    }
    for propensity in [0, .nan, -0.1, 1.5, .infinity, 1e-300] {
      #expect(code(1, propensity, 0.5) == .propensity, "\(propensity)")
    }
    for reward in [.nan, -1, 2, .infinity] { #expect(code(reward, 0.5, 0.5) == .reward) }
    for target in [.nan, -0.1, 1.5, .infinity] { #expect(code(1, 0.5, target) == .target) }
    #expect(code(1, 0.5, 0.5, ModelledReward(played: .nan, policy: 0)) == .model)
    #expect(code(1, 0.5, 0.5, ModelledReward(played: 0, policy: .infinity)) == .model)
    #expect(estimator == OffPolicyEstimator(), "what is refused changes nothing")
  }

  @Test func targetsAreDistributions() {
    func code(_ target: [Double], _ arms: Int) -> EvaluationError.Code? {
      do throws(EvaluationError) { try LoggedDecision.check(target: target, arms: arms) } catch { return error.code }
      return nil
    }
    #expect(code([0.25, 0.75], 2) == nil && code([0.3331, 0.3333, 0.3333], 3) == nil)
    for bad in [[0.5], [0.5, 0.6], [1.5, -0.5], [.nan, 1], [], [0, 0]] { #expect(code(bad, 2) == .target, "\(bad)") }
  }

  /// Propensities that are not those of the log show in the mean weight.
  @Test func weightsThatDoNotAverageOneAreTold() throws {
    var generator = SeededGenerator(seed: 26)
    var (right, wrong) = (Overlap(), Overlap())
    var (a, b) = (OffPolicyEstimator(), OffPolicyEstimator())
    for _ in 0..<2_000 {
      let first = generator.fraction() < 0.3
      try a.add(LoggedDecision(reward: 0, propensity: first ? 0.3 : 0.7), target: first ? 0.8 : 0.2)
      try b.add(LoggedDecision(reward: 0, propensity: 0.5), target: first ? 0.8 : 0.2)
    }
    (right, wrong) = (a.overlap, b.overlap)
    #expect(right.suspiciousMeanWeight == nil)
    #expect(wrong.suspiciousMeanWeight != nil, "\(wrong.weights.mean)")
  }
}
