/// What a log tells of one decision.
public struct LoggedDecision: Hashable, Sendable {
  /// What came of it, in 0 ... 1.
  public var reward: Double
  /// With which probability the arm that was played was to be played, in `leastPropensity` ... 1.
  public var propensity: Double

  public init(reward: Double, propensity: Double) {
    self.reward = reward
    self.propensity = propensity
  }

  /// Below it a weight says more about rounding than about a policy.
  public static let leastPropensity = 1e-9
}

/// Why a decision cannot be evaluated; it changes nothing.
public struct EvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with the decision: its reward, its propensity, ...
  public enum Code: String, Hashable, Sendable, CaseIterable {
    case reward
    case propensity
    /// The evaluated policy's probability, or all of them.
    case target
    /// What a model expects is not finite.
    case model
  }

  public var code: Code
  public var message: String
  public var hint: String?

  public init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  public var description: String { message + (hint.map { " (hint: \($0))" } ?? "") }
}

extension LoggedDecision {
  /// - Throws: What keeps it from being evaluated.
  public func check() throws(EvaluationError) {
    guard reward >= 0, reward <= 1 else {
      throw EvaluationError(.reward, "the reward is \(reward), not in 0 to 1", hint: "divide it by its largest value")
    }
    // Whoever wrote it may have rounded.
    guard propensity >= Self.leastPropensity, propensity <= 1 + 1e-9 else {
      let isTiny = propensity >= 0 && propensity < Self.leastPropensity
      throw EvaluationError(
        .propensity, "the propensity is \(propensity), not in \(Self.leastPropensity) to 1",
        hint: isTiny
          ? "an arm that was never to be played tells nothing: was it logged with another policy's probability?"
          : "the probability, at the moment of choice, of the arm that was played")
    }
  }

  /// - Throws: Unless the numbers are the probabilities of `arms` arms, with a sum of 1 to a thousandth.
  public static func check(target: [Double], arms: Int) throws(EvaluationError) {
    guard target.count == arms else {
      throw EvaluationError(.target, "the target has \(target.count) probabilities for \(arms) arms")
    }
    if let index = target.firstIndex(where: { !($0 >= 0 && $0 <= 1.001) }) {
      throw EvaluationError(.target, "probability \(index) of the target is \(target[index]), not in 0 to 1")
    }
    let sum = target.reduce(0, +)
    guard (sum - 1).magnitude <= 1e-3 else {
      throw EvaluationError(.target, "the target's probabilities add up to \(sum), not to 1")
    }
  }
}

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
