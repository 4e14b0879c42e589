import AttuneModel
import Learning
import Testing

@testable import Reach

@Suite struct WearinessTests {
  private static let score = Score(mean: -2, variance: 0.01)

  @Test func itBeginsWithWhatOthersMeasured() {
    let weariness = Weariness(share: 0.017)
    let lost = weariness.loss(Self.score, freshness: 1) / Self.score.probability
    #expect(abs(lost - 0.017 * (1 - Self.score.probability)) < 0.001)
    #expect(abs(weariness.loss(Self.score, freshness: 0.5) / weariness.loss(Self.score, freshness: 1) - 0.5) < 0.01)
    #expect(weariness.loss(Self.score, freshness: 0) == 0)
  }

  /// Users who saw a copy just before click half as often, or just as often: both are found out.
  @Test(arguments: [0.5, 1]) func itIsLearned(_ factor: Double) throws {
    var weariness = Weariness(share: 0.017)
    var random = SeededGenerator(seed: 11)
    for _ in 0..<20_000 {
      let clicked = random.fraction() < Self.score.probability * factor
      weariness.learn(Self.score, freshness: 1, clicked: clicked)
    }
    let kept = 1 - weariness.loss(Self.score, freshness: 1) / Self.score.probability
    #expect(abs(kept - factor) < 0.06, "\(kept)")
    #expect(try Weariness(decoding: weariness.encoded()) == weariness)
  }

  @Test func whatWasWrongIsTakenBackAndNothingIsPoisoned() {
    var weariness = Weariness(share: 0.017)
    weariness.learn(Self.score, freshness: 1, clicked: false)
    weariness.learn(Self.score, freshness: 1, clicked: false, weight: -1)
    #expect(abs(weariness.effect.mean + 0.017) < 0.002 && weariness.effect.variance <= 0.04)
    for mean in [-1e6, 1e6, 0] {
      for _ in 0..<100 { weariness.learn(Score(mean: mean, variance: 1e6), freshness: 1, clicked: true) }
    }
    #expect(weariness.effect.mean.isFinite && weariness.effect.variance > 0)
    #expect(weariness.loss(Self.score, freshness: 1).isFinite)
  }
}

@Suite struct FilterOutcomesTests {
  @Test func segmentsAreCountedAndBounded() throws {
    var outcomes = FilterOutcomes()
    for number in 0..<200 {
      outcomes.count("s\(number)", isSent: false, RefusalCost(obstacle: .filter("consent"), copy: "a", worth: 0.01))
    }
    #expect(outcomes.segments.count == FilterOutcomes.limit + 1)
    #expect(outcomes.refusals.count == 1 && outcomes.refusals[0].users == 200)
    #expect(abs(outcomes.refusals[0].cost - 2) < 1e-9)
    #expect(outcomes.segments.reduce(0) { $0 + $1.users } == 200)
    #expect(try FilterOutcomes(decoding: outcomes.encoded()) == outcomes)
  }

  @Test func theDearestComesFirstAndFewUsersSayLittle() {
    var outcomes = FilterOutcomes()
    for number in 0..<1000 {
      let isRefused = number % 10 == 0
      outcomes.count("many", isSent: !isRefused, isRefused ? RefusalCost(obstacle: .quota, copy: "", worth: 0) : nil)
    }
    outcomes.count("few", isSent: false, RefusalCost(obstacle: .fatigue(.user), copy: "b", worth: 0.2))
    #expect(outcomes.refusals.map(\.filter) == ["fatigue.user", "quota"])
    #expect(abs(outcomes.refusedShare(of: "many") - 0.1) < 0.01)
    #expect(outcomes.refusedShare(of: "few") < 0.2 && outcomes.refusedShare(of: "few") > 0.1)
    #expect(abs(outcomes.refusedShare(of: "unknown") - 0.1) < 0.01)
  }
}
