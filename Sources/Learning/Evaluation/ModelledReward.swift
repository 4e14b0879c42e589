/// What a model of rewards expects at a decision, for the doubly robust estimate. A model must not have learned from
/// the decision itself.
public struct ModelledReward: Hashable, Sendable {
  /// Of the arm that was played.
  public var played: Double
  /// Of the evaluated policy: its arms' expected rewards, weighted by its probabilities.
  public var policy: Double

  public init(played: Double, policy: Double) {
    self.played = played
    self.policy = policy
  }

  /// - Parameters:
  ///   - arm: The arm that was played.
  ///   - expected: The expected reward of each arm.
  ///   - target: The evaluated policy's probability of each.
  public init(arm: Int, expected: [Double], target: [Double]) {
    played = expected.indices.contains(arm) ? expected[arm] : 0
    policy = zip(expected, target).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// No model: the doubly robust estimate is then that of IPS.
  public static let none = ModelledReward(played: 0, policy: 0)
}
