import AttuneModel
import Testing

@testable import Learning

/// One suite that every model passes.
@Suite struct ClickModelTests {
  private static let prior = Prior(sharedBias: 1, shared: 0.2, ownBias: 0.3, own: 0.2, drift: 0)

  private func model(_ kind: ModelKind, copies: Int = 3, _ prior: Prior = prior) -> any ClickModel {
    kind.model(dimensions: 4, copies: copies, prior)
  }

  /// Users of three features, two of them often 0, and who clicks which of three copies.
  private func traffic(_ count: Int, seed: UInt64) throws -> [(context: Context, copy: Int, clicked: Bool)] {
    var generator = SeededGenerator(seed: seed)
    let weights = [[-1.5, 1, 0, 0.5], [-1, 0, 1, -0.5], [-2, -0.5, 0.5, 1]]
    return try (0..<count).map { _ in
      let values = [generator.normal(), generator.fraction() < 0.5 ? 1 : 0, generator.fraction() < 0.3 ? 1 : 0]
      let copy = Int(generator.fraction() * 3)
      let z = zip([1] + values, weights[copy]).reduce(0) { $0 + $1.0 * $1.1 }
      return (try Context(values), copy, generator.fraction() < Elementary.sigmoid(z))
    }
  }

  private func learn(_ model: inout any ClickModel, _ traffic: [(context: Context, copy: Int, clicked: Bool)]) {
    for user in traffic { model.learn(user.context, copy: user.copy, clicked: user.clicked, weight: 1) }
  }

  @Test(arguments: ModelKind.allCases) func probabilitiesAreFound(_ kind: ModelKind) throws {
    var model = model(kind)
    learn(&model, try traffic(6_000, seed: 1))
    let z = model.score(try Context([1, 0, 1]), copy: 0)
    #expect(abs(z.mean - 0) < 0.35 && z.variance > 0 && z.variance < 0.1, "\(z)")
    let other = model.score(try Context([1, 0, 1]), copy: 2)
    #expect(abs(other.mean - -1.5) < 0.35, "\(other)")
    #expect(model.observed == 6_000)
  }

  @Test(arguments: ModelKind.allCases) func nothingUnsoundIsLearned(_ kind: ModelKind) throws {
    var model = model(kind)
    learn(&model, try traffic(50, seed: 2))
    let before = model.encoded()
    let context = try Context([1, 2, 3])
    for weight in [Double.nan, .infinity, -.infinity, 0, -1, 1e7] {
      let isLearned = model.learn(context, copy: 0, clicked: true, weight: weight)
      #expect(!isLearned, "\(weight)")
    }
    for copy in [-1, 3, .max, .min] {
      let isLearned = model.learn(context, copy: copy, clicked: true, weight: 1)
      #expect(!isLearned && !model.unlearn(context, copy: copy, clicked: true))
      #expect(model.score(context, copy: copy).mean == Self.prior.logOdds)
      model.withdraw(copy: copy)
    }
    let isLearned = model.learn(try Context([1]), copy: 0, clicked: true, weight: 1)
    #expect(!isLearned)
    #expect(model.score(try Context([9]), copy: 1) == model.score(Context(dimensions: 4), copy: 1))
    #expect(model.encoded() == before)
  }

  /// The largest of everything, in any order, leaves finite scores.
  @Test(arguments: ModelKind.allCases) func extremesStayFinite(_ kind: ModelKind) throws {
    var generator = SeededGenerator(seed: 3)
    for drift in [0, 1.0] {
      var prior = Self.prior
      prior.drift = drift
      var model = model(kind, copies: 3, prior)
      for _ in 0..<400 {
        let values = (0..<3).map { _ in Context.largestValue * (generator.fraction() < 0.5 ? 1 : -1) }
        let weight = generator.fraction() < 0.5 ? 1e6 : 1e-6
        let (copy, clicked) = (Int(generator.fraction() * 3), generator.fraction() < 0.5)
        let context = try Context(values)
        model.learn(context, copy: copy, clicked: clicked, weight: weight)
        if generator.fraction() < 0.2 { model.unlearn(context, copy: copy, clicked: !clicked) }
        for score in model.scores(context) {
          #expect(score.mean.isFinite && score.variance.isFinite && score.variance >= 0, "\(score)")
        }
      }
    }
  }

  @Test(arguments: ModelKind.allCases) func bytesGiveTheSameModel(_ kind: ModelKind) throws {
    var model = model(kind)
    model.withdraw(copy: 1)
    learn(&model, try traffic(300, seed: 4))
    let bytes = model.encoded()
    var reader = ByteReader(bytes)
    var other = try kind.model(from: &reader)
    #expect(reader.isAtEnd && other.encoded() == bytes)
    let more = try traffic(50, seed: 5)
    learn(&model, more)
    learn(&other, more)
    #expect(other.encoded() == model.encoded(), "what goes on from a checkpoint is the same to the bit")
    for count in [0, 1, 5, bytes.count / 2, bytes.count - 1] {
      var reader = ByteReader(Array(bytes.prefix(count)))
      #expect(throws: BinaryError.self) { _ = try kind.model(from: &reader) }
    }
    var damaged = bytes
    damaged[0] = 9
    #expect(throws: BinaryError.self) {
      var reader = ByteReader(damaged)
      _ = try kind.model(from: &reader)
    }
  }

  @Test(arguments: ModelKind.allCases) func aWeightIsSoManyMessages(_ kind: ModelKind) throws {
    var (one, many) = (model(kind), model(kind))
    let context = try Context([0.5, 0, 1])
    for _ in 0..<10 {
      one.learn(context, copy: 0, clicked: false, weight: 10)
      one.learn(context, copy: 0, clicked: true, weight: 3)
    }
    for index in 0..<130 { many.learn(context, copy: 0, clicked: index % 13 < 3, weight: 1) }
    let (a, b) = (one.score(context, copy: 0), many.score(context, copy: 0))
    let tolerance = kind == .diagonal ? 0.8 : 0.15
    #expect(abs(a.mean - b.mean) < tolerance && abs(a.variance - b.variance) < 0.7 * tolerance, "\(a) \(b)")
  }

  @Test(arguments: ModelKind.allCases) func whatWasWrongIsTakenBack(_ kind: ModelKind) throws {
    var model = model(kind)
    learn(&model, try traffic(500, seed: 6))
    let context = try Context([1, 1, 0])
    let before = model.scores(context)
    model.learn(context, copy: 2, clicked: false, weight: 1)
    let between = model.score(context, copy: 2)
    model.unlearn(context, copy: 2, clicked: false)
    #expect(before[2].mean - between.mean > 1e-3)
    for (a, b) in zip(before, model.scores(context)) {
      #expect(abs(a.mean - b.mean) < 5e-4 && abs(a.variance - b.variance) < 5e-4, "\(a) \(b)")
    }
    #expect(model.observed == 500)
  }

  @Test(arguments: ModelKind.allCases) func copiesComeAndGo(_ kind: ModelKind) throws {
    var model = model(kind)
    let context = try Context([0, 1, 0])
    learn(&model, try traffic(300, seed: 7))
    let others = [model.score(context, copy: 0), model.score(context, copy: 2)]
    model.withdraw(copy: 1)
    #expect([model.score(context, copy: 0), model.score(context, copy: 2)] == others)
    let isLearned = model.learn(context, copy: 1, clicked: true, weight: 1)
    #expect(!isLearned && model.copies == 3)
    model.add(copy: Score(mean: 1, variance: 0.01))
    model.add(copy: nil)
    model.add(copy: Score(mean: .nan, variance: -1))
    #expect(model.copies == 6)
    #expect(model.score(context, copy: 3).mean > model.score(context, copy: 4).mean + 0.9, "it starts as it was told")
    #expect(model.score(context, copy: 3).variance < model.score(context, copy: 4).variance)
    #expect(model.score(context, copy: 4) == model.score(context, copy: 5), "an unsound belief is none")
    for copy in 3...5 {
      let isLearned = model.learn(context, copy: copy, clicked: true, weight: 1)
      #expect(isLearned)
    }
  }

  /// Two shards that learn halves on top of a common base are one that learns all.
  @Test(arguments: ModelKind.allCases) func shardsAddUp(_ kind: ModelKind) throws {
    var base = model(kind)
    let traffic = try traffic(3_000, seed: 8)
    learn(&base, Array(traffic[..<1_000]))
    var (whole, first, second) = (base, base, base)
    learn(&whole, Array(traffic[1_000...]))
    learn(&first, Array(traffic[1_000..<2_000]))
    learn(&second, Array(traffic[2_000...]))
    let merged = try merge(first, second, base)
    let context = try Context([0.5, 1, 0])
    for (a, b) in zip(whole.scores(context), merged.scores(context)) {
      // Without covariances, evidence counts by how it came.
      let tolerance = kind == .diagonal ? 0.12 : 0.05
      #expect(abs(a.mean - b.mean) < tolerance && abs(a.variance - b.variance) < 0.05 * a.variance, "\(a) \(b)")
    }
    #expect(merged.observed == 3_000)
    // Of nothing new, nothing changes but rounding.
    let same = try merge(base, base, base)
    for (a, b) in zip(base.scores(context), same.scores(context)) {
      #expect(abs(a.mean - b.mean) < 1e-9 && abs(a.variance - b.variance) < 1e-9)
    }
  }

  @Test(arguments: ModelKind.allCases) func onlyWhatHasOneBaseIsMerged(_ kind: ModelKind) throws {
    var more = model(kind)
    more.add(copy: nil)
    let others = [more, model(kind, copies: 3, Prior(rate: 0.5)), kind.model(dimensions: 5, copies: 3, Self.prior)]
    for other in others {
      #expect(throws: ModelError.otherBase) { _ = try merge(model(kind), other, model(kind)) }
    }
  }

  /// Two shards that have each forgotten most of their base: no belief is left between them.
  @Test(arguments: ModelKind.allCases) func whatIsForgottenTwiceCannotBeMerged(_ kind: ModelKind) throws {
    var prior = Self.prior
    prior.drift = 1
    let base = model(kind, copies: 3, prior)
    var shard = base
    learn(&shard, try traffic(20, seed: 9))
    #expect(throws: ModelError.nothingLeft) { _ = try merge(shard, shard, base) }
  }

  private func merge(
    _ model: any ClickModel, _ other: any ClickModel, _ base: any ClickModel
  ) throws -> any ClickModel {
    func merged<M: ClickModel>(_ model: M) throws -> any ClickModel {
      guard let other = other as? M, let base = base as? M else { throw ModelError.otherBase }
      var model = model
      try model.merge(other, since: base)
      return model
    }
    return try merged(model)
  }
}
