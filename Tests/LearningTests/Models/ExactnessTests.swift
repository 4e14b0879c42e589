import AttuneModel
import Testing

@testable import Learning

/// The models of blocks beside one plain covariance of everything.
@Suite struct ExactnessTests {
  @Test(arguments: [1, 2, 3] as [UInt64]) func blocksAreTheJointBelief(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let (dimensions, copies) = (6, 4)
    // Not so wide that a first click would take a step of its own kind.
    let prior = Prior(rate: 0.2, sharedBias: 0.5, shared: 0.1, ownBias: 0.2, own: 0.1, drift: 0)
    var hybrid = HybridModel(dimensions: dimensions, copies: copies, prior)
    var full = FullModel(dimensions: dimensions, copies: copies, prior)
    var joint = PlainModel(dimensions: dimensions, copies: copies, prior, isShared: true)
    var alone = PlainModel(dimensions: dimensions, copies: copies, prior, isShared: false)
    for round in 0..<120 {
      // Now and then of few features, as hashed ones are.
      let values = (1..<dimensions).map { _ in generator.fraction() < 0.5 ? 0 : generator.normal() }
      let (context, copy, clicked) = (
        try Context(values), Int(generator.fraction() * Double(copies)), generator.fraction() < 0.3
      )
      for other in 0..<copies {
        expect(hybrid.score(context, copy: other), joint.score(context, copy: other), "seed \(seed) round \(round)")
        expect(full.score(context, copy: other), alone.score(context, copy: other), "seed \(seed) round \(round)")
      }
      hybrid.learn(context, copy: copy, clicked: clicked)
      full.learn(context, copy: copy, clicked: clicked)
      joint.learn(context, copy: copy, clicked: clicked)
      alone.learn(context, copy: copy, clicked: clicked)
    }
  }

  /// One feature and one copy have no covariance to leave out.
  @Test func theDiagonalIsExactWhereThereIsNoneElse() {
    let prior = Prior(rate: 0.2, sharedBias: 1e-6, shared: 1e-6, ownBias: 0.5, drift: 0)
    var diagonal = DiagonalModel(dimensions: 1, copies: 1, prior)
    var plain = PlainModel(dimensions: 1, copies: 1, prior, isShared: false)
    for round in 0..<100 {
      diagonal.learn(Context(dimensions: 1), copy: 0, clicked: round % 4 == 0)
      plain.learn(Context(dimensions: 1), copy: 0, clicked: round % 4 == 0)
    }
    let (ours, theirs) = (diagonal.score(Context(dimensions: 1), copy: 0), plain.score(Context(dimensions: 1), copy: 0))
    #expect(abs(ours.mean - theirs.mean) < 1e-4 && abs(ours.variance - theirs.variance) < 1e-4)
  }

  private func expect(_ ours: Score, _ theirs: Score, _ place: String) {
    #expect(
      abs(ours.mean - theirs.mean) < 1e-9 && abs(ours.variance - theirs.variance) < 1e-9, "\(place): \(ours) \(theirs)")
  }

  /// What has not been seen for long is known less well; what was added up late is what was added at once.
  @Test(arguments: ModelKind.allCases) func driftWidensWhatWaits(_ kind: ModelKind) throws {
    var prior = Prior()
    prior.drift = 1e-4
    var (still, drifting) = (kind.model(dimensions: 2, copies: 2, Prior()), kind.model(dimensions: 2, copies: 2, prior))
    let context = try Context([1])
    for round in 0..<2_000 {
      let copy = round < 500 ? 1 : 0
      still.learn(context, copy: copy, clicked: round % 9 == 0, weight: 1)
      drifting.learn(context, copy: copy, clicked: round % 9 == 0, weight: 1)
    }
    #expect(drifting.score(context, copy: 0).variance > 1.5 * still.score(context, copy: 0).variance)
    // 1,500 rounds, both weights.
    let waited = drifting.score(context, copy: 1).variance
    #expect(waited > 0.25 && waited < 1, "\(waited)")
  }

  @Test func fiveHundredCopiesShareTheirMemory() throws {
    var learner = Learner(dimensions: 21, copies: 500)
    let context = try Context((0..<20).map { Double($0) / 10 })
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<3 {
      let choice = learner.choose(context, using: &generator)
      let copy = try #require(choice.copy)
      #expect(choice.scores.count == 500)
      let isLearned = learner.learn(context, copy: copy, clicked: true)
      #expect(isLearned)
    }
  }
}
