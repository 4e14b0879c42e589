import AttuneModel
import Testing

@testable import Learning

@Suite struct LearnerTests {
  private static let small = LearnerConfiguration(prior: Prior(rate: 0.2))

  /// Users of one feature; each of two copies suits one half of them. `turn` swaps the copies.
  private func live(
    _ learner: inout Learner, rounds: Int, turn: Bool, _ generator: inout SeededGenerator
  ) throws -> Double {
    var best = 0
    for _ in 0..<rounds {
      let side = generator.fraction() < 0.5 ? 1.0 : -1
      let context = try Context([side])
      let copy = try #require(learner.choose(context, using: &generator).copy)
      let isRight = ((copy == 0) == (side > 0)) != turn
      if isRight { best += 1 }
      learner.learn(context, copy: copy, clicked: generator.fraction() < (isRight ? 0.3 : 0.1))
    }
    return Double(best) / Double(rounds)
  }

  @Test(arguments: ModelKind.allCases) func theBetterCopyIsFoundAndAChangeIsSeen(_ kind: ModelKind) throws {
    var configuration = Self.small
    configuration.kind = kind
    var (learner, generator) = (Learner(configuration, dimensions: 2, copies: 2), SeededGenerator(seed: 11))
    _ = try live(&learner, rounds: 1_000, turn: false, &generator)
    let found = try live(&learner, rounds: 1_500, turn: false, &generator)
    #expect(found > 0.93 && learner.changes == 0, "\(found)")
    _ = try live(&learner, rounds: 1_000, turn: true, &generator)
    #expect(learner.changes == 1)
    let again = try live(&learner, rounds: 500, turn: true, &generator)
    #expect(again > 0.9, "\(again)")
  }

  @Test func aSteadyWorldRaisesNoAlarm() throws {
    for seed in 1...4 {
      var (learner, generator) = (Learner(Self.small, dimensions: 2, copies: 2), SeededGenerator(seed: UInt64(seed)))
      _ = try live(&learner, rounds: 3_000, turn: false, &generator)
      #expect(learner.changes == 0, "seed \(seed)")
    }
  }

  @Test func utilityDecidesAndHoldingIsAChoice() throws {
    let learner = Learner(LearnerConfiguration(floor: 0), dimensions: 1, copies: 3)
    var generator = SeededGenerator(seed: 1)
    let scores = [-1.0, -2, -3].map { Score(mean: $0, variance: 0) }
    func chosen(_ terms: CopyUtilities) -> Int? { learner.choose(scores, terms, using: &generator).copy }
    #expect(chosen(CopyUtilities()) == 0)
    #expect(chosen(CopyUtilities(costs: [0.2])) == 1, "a price that the first is not worth")
    #expect(chosen(CopyUtilities(costs: [0.2, 0, -1])) == 2, "a minimum that wants the third")
    #expect(chosen(CopyUtilities(eligible: [false, false, true])) == 2)
    #expect(chosen(CopyUtilities(eligible: [false])) == nil, "missing copies are not eligible")
    #expect(chosen(CopyUtilities(hold: 0.27)) == nil && chosen(CopyUtilities(hold: 0.26)) == 0)
    #expect(chosen(CopyUtilities(value: 10, hold: 0.27)) == 0)
    #expect(chosen(CopyUtilities(costs: [.nan, .infinity, 0])) == 2)
    #expect(chosen(CopyUtilities(costs: [.nan, .nan, .nan])) == nil)
    #expect(chosen(CopyUtilities(value: .nan, hold: 0)) == nil && chosen(CopyUtilities(hold: .nan)) == nil)
    #expect(learner.choose([], CopyUtilities(), using: &generator).copy == nil)
    let tied = learner.choose([scores[0], scores[0]], CopyUtilities(), using: &generator)
    #expect(tied.copy == 0, "the first of equals")
  }

  @Test func withdrawnCopiesAreNotChosen() {
    var learner = Learner(LearnerConfiguration(floor: 0.5), dimensions: 1, copies: 2)
    learner.withdraw(copy: 0)
    var generator = SeededGenerator(seed: 1)
    let context = Context(dimensions: 1)
    for terms in [CopyUtilities(), CopyUtilities(eligible: [true, true])] {
      for _ in 0..<50 { #expect(learner.choose(context, terms, using: &generator).copy == 1) }
      #expect(abs(learner.propensity(learner.scores(for: context), terms).of(1) - 1) < 1e-9)
    }
    learner.withdraw(copy: 1)
    #expect(learner.choose(context, using: &generator).copy == nil)
  }

  @Test func theFloorReachesEveryEligibleCopy() {
    let learner = Learner(LearnerConfiguration(floor: 0.3), dimensions: 1, copies: 4)
    var generator = SeededGenerator(seed: 2)
    let scores = [0.0, -9, -9, -9].map { Score(mean: $0, variance: 0) }
    var counts = [0, 0, 0, 0]
    let rounds = 20_000
    for _ in 0..<rounds {
      let choice = learner.choose(scores, CopyUtilities(eligible: [true, true, false, true]), using: &generator)
      if let copy = choice.copy { counts[copy] += 1 }
    }
    #expect(counts[2] == 0)
    for copy in [1, 3] { #expect(abs(Double(counts[copy]) / Double(rounds) - 0.1) < 0.01, "\(counts)") }
  }

  @Test func aCheckpointGoesOnToTheBit() throws {
    var (learner, generator) = (Learner(Self.small, dimensions: 2, copies: 2), SeededGenerator(seed: 3))
    learner.add(copy: Score(mean: -0.5, variance: 0.02))
    learner.withdraw(copy: 2)
    // Past the first challengers.
    _ = try live(&learner, rounds: 2_000, turn: false, &generator)
    let bytes = learner.encoded()
    var (other, twin) = (try Learner(decoding: bytes), generator)
    #expect(other.encoded() == bytes)
    _ = try live(&learner, rounds: 1_500, turn: true, &generator)
    _ = try live(&other, rounds: 1_500, turn: true, &twin)
    #expect(other.encoded() == learner.encoded() && twin == generator)
    #expect(learner.changes == 1, "a copy of the blank model took over on both sides")
    #expect(throws: BinaryError.self) { try Learner(decoding: Array(bytes.dropLast())) }
    #expect(throws: BinaryError.self) { try Learner(decoding: [7] + bytes.dropFirst()) }
  }

  @Test func learnersOfTwoShardsMerge() throws {
    let base = Learner(Self.small, dimensions: 2, copies: 2)
    var (first, second) = (base, base)
    let context = try Context([1])
    for round in 0..<300 {
      first.learn(context, copy: 0, clicked: round % 3 == 0)
      second.learn(context, copy: 1, clicked: round % 10 == 0)
    }
    try first.merge(second, since: base)
    let scores = first.scores(for: context).map(\.probability)
    #expect(abs(scores[0] - 0.33) < 0.05 && abs(scores[1] - 0.1) < 0.03, "\(scores)")
    let foreign = Learner(LearnerConfiguration(kind: .full), dimensions: 2, copies: 2)
    #expect(throws: ModelError.otherBase) { try first.merge(foreign, since: base) }
  }

  @Test func whatWouldNotFitIsDiagonal() {
    #expect(Learner(dimensions: 64, copies: 500).configuration.kind == .hybrid)
    let large = Learner(dimensions: 4096, copies: 40)
    #expect(large.configuration.kind == .diagonal && large.copies == 40)
    #expect(ModelKind.full.fitting(dimensions: .max, copies: .max) == .diagonal)
  }

  @Test func settingsAreHeldInRange() {
    let wild = LearnerConfiguration(
      prior: Prior(rate: .nan, sharedBias: .infinity, shared: -1, ownBias: .nan, own: 1e9, drift: .nan),
      optimism: .nan, exploration: .infinity, floor: 7, alarm: -1)
    #expect(wild.optimism == 0 && wild.exploration == 10 && wild.floor == 1 && wild.alarm == 0)
    let score = HybridModel(dimensions: 2, copies: 1, wild.prior).score(Context(dimensions: 2), copy: 0)
    #expect(score.mean.isFinite && score.variance.isFinite)
  }
}
