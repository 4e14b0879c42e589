import AttuneModel
public import Learning

/// Sends each headline test's impressions again, wave after wave, and draws a click with the rate that was seen of the
/// headline shown. What came of a wave is known when the next one starts.
///
/// The rates are those that were seen, noise and all, for every policy alike: a share of the lift that was possible in
/// this replay, not a promise for other headlines.
public struct HeadlineReplay: Sendable {
  /// What chooses headlines.
  public enum Policy: Hashable, Sendable {
    /// The learner, of headlines without a context, with a prior fitted on other tests.
    case learner
    /// All alike for this share of the impressions, then the one of the highest rate.
    case testThenWinner(share: Double)
  }

  private let tests: [Upworthy.Test]
  private let configurations: [LearnerConfiguration]

  /// - Parameter configuration: Of the learner, but for its prior.
  public init(_ data: Upworthy, configuration: LearnerConfiguration = LearnerConfiguration()) {
    tests = data.tests.filter { $0.headlines.count > 1 && $0.impressions > 0 }
    configurations = (0..<5).map { [tests] fold in
      HeadlinePrior(of: tests.filter { $0.fold != fold }).applied(to: configuration)
    }
  }

  /// Share of the possible lift over all headlines alike, of all tests together.
  public func share(of policy: Policy, waves: Int, seed: UInt64) -> Double {
    var (gained, possible) = (0.0, 0.0)
    for (index, test) in tests.enumerated() {
      var generator = SeededGenerator(seed: mix64(seed) &+ UInt64(index))
      let rates = test.headlines.map(\.rate)
      let shown: [Int] =
        switch policy {
        case .learner: learn(test, rates, waves: waves, using: &generator)
        case .testThenWinner(let share): Self.testThenWinner(test, rates, share: share, using: &generator)
        }
      let earned = zip(shown, rates).reduce(0) { $0 + Double($1.0) * $1.1 }
      gained += earned - Double(shown.reduce(0, +)) * test.meanRate
      possible += test.possibleLift
    }
    return possible > 0 ? gained / possible : 0
  }

  /// How often each headline was shown.
  private func learn(
    _ test: Upworthy.Test, _ rates: [Double], waves: Int, using generator: inout SeededGenerator
  ) -> [Int] {
    let nothing = Context(dimensions: 1)
    var learner = Learner(configurations[test.fold], dimensions: 1, copies: rates.count)
    var shown = [Int](repeating: 0, count: rates.count)
    for wave in 0..<waves {
      let size = Self.end(of: wave + 1, of: waves, test.impressions) - Self.end(of: wave, of: waves, test.impressions)
      let batch = learner.choices(of: size, in: nothing, using: &generator)
      for copy in rates.indices {
        let clicks = generator.clicks(of: batch[copy], rate: rates[copy])
        learner.learn(nothing, copy: copy, clicks: clicks, of: batch[copy])
        shown[copy] += batch[copy]
      }
    }
    return shown
  }

  private static func testThenWinner(
    _ test: Upworthy.Test, _ rates: [Double], share: Double, using generator: inout SeededGenerator
  ) -> [Int] {
    let each = Int(Double(test.impressions) * (share > 0 ? min(share, 1) : 0)) / rates.count
    let clicks = rates.map { generator.clicks(of: each, rate: $0) }
    let most = clicks.max() ?? 0
    let winners = clicks.indices.filter { clicks[$0] == most }
    var shown = [Int](repeating: each, count: rates.count)
    shown[winners[Int(generator.next() % UInt64(winners.count))]] += test.impressions - each * rates.count
    return shown
  }

  private static func end(of wave: Int, of waves: Int, _ impressions: Int) -> Int {
    Int((Double(impressions) * Double(wave) / Double(max(waves, 1))).rounded())
  }
}

extension SeededGenerator {
  /// How many of so many impressions are clicked; steps from click to click.
  fileprivate mutating func clicks(of impressions: Int, rate: Double) -> Int {
    guard rate > 0 else { return 0 }
    guard rate < 1 else { return impressions }
    let none = Elementary.log(1 - rate)
    var (clicks, place) = (0, 0.0)
    while true {
      place += (Elementary.log(1 - fraction()) / none).rounded(.down) + 1
      guard place <= Double(impressions) else { return clicks }
      clicks += 1
    }
  }
}

extension Learner {
  /// How often each copy is chosen, of so many decisions on the same beliefs.
  fileprivate func choices(of size: Int, in context: Context, using generator: inout SeededGenerator) -> [Int] {
    let scores = scores(for: context)
    var counts = [Int](repeating: 0, count: scores.count)
    // Of many decisions it is quicker to know the propensities than to draw scores for each.
    guard size > 300 else {
      for _ in 0..<size {
        if let copy = choose(scores, CopyUtilities(), using: &generator).copy { counts[copy] += 1 }
      }
      return counts
    }
    let propensity = Propensity(scores, CopyUtilities(), configuration)
    let propensities = counts.indices.map { propensity.of($0) }
    for _ in 0..<size {
      var (copy, left) = (0, generator.fraction())
      while copy < counts.count - 1, left >= propensities[copy] {
        left -= propensities[copy]
        copy += 1
      }
      counts[copy] += 1
    }
    return counts
  }

  /// Clicks spread evenly among impressions: no long run of one kind, which a step at a time would take too far.
  fileprivate mutating func learn(_ context: Context, copy: Int, clicks: Int, of impressions: Int) {
    let steps = max(clicks, (impressions + 63) / 64)
    guard steps > 0 else { return }
    let rest = Double(impressions - clicks) / Double(steps)
    var due = 0
    for step in 1...steps {
      if rest > 0 { learn(context, copy: copy, clicked: false, weight: rest) }
      let target = clicks * step / steps
      if target > due { learn(context, copy: copy, clicked: true) }
      due = target
    }
  }
}
