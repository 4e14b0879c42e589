import AttuneModel
public import Learning

/// A policy's expected clicks beside the oracle's: whose copy is the best of every user's, at the true probabilities.
///
/// Clicks are drawn from the seed; what is counted are their probabilities, which has less noise.
public struct LearningExperiment: Sendable {
  public enum Policy: Sendable {
    /// Learns after every message.
    case learner(LearnerConfiguration)
    case uniform
  }

  public let environment: ClickEnvironment.Kind
  public let policy: Policy
  public let rounds: Int

  public init(_ environment: ClickEnvironment.Kind, _ policy: Policy, rounds: Int) {
    self.environment = environment
    self.policy = policy
    self.rounds = rounds
  }

  /// One seed's result.
  public struct Result: Sendable {
    /// Expected clicks of the policy, and of the oracle.
    public internal(set) var clicks = 0.0
    public internal(set) var oracle = 0.0
    /// How often the learner found the world changed.
    public internal(set) var changes = 0

    public var ratio: Double { oracle > 0 ? clicks / oracle : 0 }
  }

  /// - Throws: never for the environments there are: their features are sound.
  public func run(seed: UInt64) throws(FeatureError) -> Result {
    var users = ClickEnvironment(environment, rounds: rounds, seed: seed)
    // Of its own: another policy meets the same users.
    var generator = SeededGenerator(seed: mix64(seed &+ 0xC11C))
    var learner: Learner?
    if case .learner(let configuration) = policy {
      learner = Learner(configuration, dimensions: ClickEnvironment.features + 1, copies: ClickEnvironment.copies)
    }
    var result = Result()
    for _ in 0..<rounds {
      let user = users.next()
      result.oracle += user.probabilities.max() ?? 0
      guard learner != nil else {
        result.clicks += user.probabilities.reduce(0, +) / Double(ClickEnvironment.copies)
        continue
      }
      let context = try Context(user.features)
      guard let copy = learner?.choose(context, using: &generator).copy else { continue }
      let probability = user.probabilities[copy]
      result.clicks += probability
      learner?.learn(context, copy: copy, clicked: generator.fraction() < probability)
    }
    result.changes = learner?.changes ?? 0
    return result
  }
}
