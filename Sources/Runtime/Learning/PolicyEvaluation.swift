import AttuneModel
import Codec
import Ingest
public import Learning

/// What a policy would have earned, told by a log of decisions.
///
/// Three passes, in memory that does not grow with the log: one looks at every line, one learns what rewards to expect,
/// one estimates. The expectations of a decision come from models that did not see it (`CrossFit`).
public struct PolicyEvaluation: Sendable {
  public let decisions: Int
  public let arms: Int
  public let estimator: OffPolicyEstimator

  /// - Parameters:
  ///   - other: What to compare with; nil for what the log itself earned.
  ///   - seed: Which decisions are in which fold.
  /// - Throws: `DecisionFileError` with the line of a decision that cannot be evaluated, `EvaluationInputError` for a
  ///   policy that does not fit the log, `FileReadError` for a file that cannot be read further.
  public init(
    of file: DecisionFile, policy: EvaluatedPolicy, against other: EvaluatedPolicy? = nil, seed: UInt64 = 1
  ) throws {
    var survey = DecisionSurvey()
    try file.forEach { decision, line in
      try Self.locating(file, line) { () throws(Refusal) in
        try survey.add(decision, needsTarget: [policy, other].contains { $0?.isTarget ?? false })
      }
    }
    for case let policy? in [policy, other] { try survey.check(policy) }
    var models = CrossFit(dimensions: survey.dimensions, arms: survey.names.count, seed: seed)
    var index = 0
    try file.forEach { decision, line in
      try Self.locating(file, line) { () throws(Refusal) in
        models.learn(
          try survey.context(of: decision), arm: try survey.arms(of: decision)[decision.arm], reward: decision.reward,
          index: index)
      }
      index += 1
    }
    var estimator = OffPolicyEstimator()
    index = 0
    try file.forEach { decision, line in
      try Self.locating(file, line) { () throws(Refusal) in
        let arms = try survey.arms(of: decision)
        let expected = models.expected(try survey.context(of: decision), arms: arms, index: index)
        let asked = Asked(decision: decision, index: index, names: survey.names, arms: arms, expected: expected)
        try asked.add(to: &estimator, policy, against: other)
      }
      index += 1
    }
    decisions = survey.count
    arms = survey.names.count
    self.estimator = estimator
  }

  private static func locating<T>(
    _ file: DecisionFile, _ line: Int, _ body: () throws(Refusal) -> T
  ) throws(DecisionFileError) -> T {
    do { return try body() } catch { throw DecisionFileError(file: file.name, line: line, refusal: error) }
  }
}

/// A decision, and what is expected of the arms that could be played.
private struct Asked {
  let decision: DecisionLine
  let index: Int
  let names: [String]
  /// Their numbers in the whole log.
  let arms: [Int]
  let expected: [Double]

  func add(
    to estimator: inout OffPolicyEstimator, _ policy: EvaluatedPolicy, against other: EvaluatedPolicy?
  ) throws(Refusal) {
    let logged = LoggedDecision(reward: decision.reward, propensity: decision.propensity)
    let target = try probabilities(policy)
    var otherTarget: [Double]?
    if let other { otherTarget = try probabilities(other) }
    do throws(EvaluationError) {
      var baseline: Double?
      if let otherTarget {
        baseline = try OffPolicyEstimator.correctedReward(
          logged, target: otherTarget[decision.arm], modelled: modelled(otherTarget))
      }
      try estimator.add(logged, target: target[decision.arm], modelled: modelled(target), baseline: baseline)
    } catch { throw Refusal(error) }
  }

  private func modelled(_ target: [Double]) -> ModelledReward {
    ModelledReward(arm: decision.arm, expected: expected, target: target)
  }

  private func probabilities(_ policy: EvaluatedPolicy) throws(Refusal) -> [Double] {
    switch policy {
    case .target: return decision.target ?? [Double](repeating: 0, count: arms.count)
    case .uniform: return [Double](repeating: 1 / Double(arms.count), count: arms.count)
    case .best: return oneHot(expected.placeOfGreatest)
    case .arm(let name):
      guard let place = arms.firstIndex(where: { names[$0] == name }) else {
        throw Refusal(
          .mismatch, pointer: "/arms", "the arm '\(name)' could not be played here",
          hint: "a policy of one arm needs it in every line", offset: 0)
      }
      return oneHot(place)
    case .given(let file):
      let target = file[index]
      do throws(EvaluationError) { try LoggedDecision.check(target: target, arms: arms.count) } catch {
        throw Refusal(.mismatch, "\(file.path), for this decision: \(error.message)", offset: 0)
      }
      return target
    }
  }

  private func oneHot(_ place: Int?) -> [Double] {
    var target = [Double](repeating: 0, count: arms.count)
    if let place { target[place] = 1 }
    return target
  }
}
