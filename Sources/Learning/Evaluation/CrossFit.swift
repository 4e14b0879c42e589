import AttuneModel

/// Expected rewards from models that did not learn from the decision in question: as many models as folds, each of
/// which learns all folds but its own. What a policy is chosen by may not be what it is judged by.
///
/// The models are logistic ones: weights of the context shared by all arms, and weights of each arm, shrunk.
public struct CrossFit: Sendable {
  /// How many models there are, and parts of the log.
  public static let folds = 5

  /// Model k knows nothing of fold k.
  private var models: [any ClickModel]
  private let seed: UInt64

  /// Wide: a log brings thousands of decisions, and nobody knows whether their rewards are rare.
  private static let prior = Prior(rate: 0.1, sharedBias: 4, shared: 0.5, ownBias: 0.5, own: 0.25)
  /// Arms times dimensions squared up to which all covariances are kept.
  private static let largest = 1 << 17

  /// - Parameters:
  ///   - dimensions: Of the contexts, with the bias.
  ///   - seed: Which decisions lie in which fold.
  public init(dimensions: Int, arms: Int, seed: UInt64) {
    let size = min(max(dimensions, 1), Context.mostDimensions)
    let isSmall = size * size <= Self.largest / max(arms, 1)
    models = (0..<Self.folds).map { _ in
      let hybrid: (any ClickModel)? = isSmall ? HybridModel(dimensions: size, copies: arms, Self.prior) : nil
      return hybrid ?? DiagonalModel(dimensions: size, copies: arms, Self.prior)
    }
    self.seed = seed
  }

  /// - Parameters:
  ///   - reward: In 0 ... 1.
  ///   - index: The decision's number in the log.
  public mutating func learn(_ context: Context, arm: Int, reward: Double, index: Int) {
    let fold = fold(of: index)
    for model in models.indices where model != fold {
      if reward > 0 { models[model].learn(context, copy: arm, clicked: true, weight: reward) }
      if reward < 1 { models[model].learn(context, copy: arm, clicked: false, weight: 1 - reward) }
    }
  }

  /// Of each of `arms`, by the model that did not see the decision.
  public func expected(_ context: Context, arms: [Int], index: Int) -> [Double] {
    let model = models[fold(of: index)]
    return arms.map { model.score(context, copy: $0).probability }
  }

  private func fold(of index: Int) -> Int {
    Int(mix64(mix64(seed) ^ UInt64(bitPattern: Int64(index))) % UInt64(Self.folds))
  }
}

extension [Double] {
  /// The place of the greatest, the first of equals; nil of none.
  public var placeOfGreatest: Int? { indices.max { self[$0] < self[$1] || self[$0] == self[$1] && $0 > $1 } }
}
