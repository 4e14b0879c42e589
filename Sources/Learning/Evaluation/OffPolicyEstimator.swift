public import AttuneModel

/// What a policy would have earned, told by a log that another one made: IPS, SNIPS and DR of one pass in constant
/// memory. Parts of a log may be estimated apart and merged.
public struct OffPolicyEstimator: Hashable, Sendable {
  /// How much of what was added speaks about the policy.
  public private(set) var overlap = Overlap()
  /// Weight times reward.
  private var weighted = Moments()
  /// What the model expects of the policy, corrected by what was seen of the arm played.
  private var robust = Moments()
  /// What the policy is compared with: the rewards themselves, or another policy's corrected expectations.
  private var baseline = Moments()
  /// `robust` above `baseline`, decision by decision.
  private var gain = Moments()
  /// Sums of squared weights times reward, and times squared reward.
  private var squaresTimesReward = 0.0
  private var squaresTimesSquare = 0.0

  public init() {}

  /// - Parameters:
  ///   - target: The evaluated policy's probability of the arm played.
  ///   - modelled: What a model expected that had not learned from this decision.
  ///   - baseline: What to compare with, a `correctedReward` of another policy; nil for what the log itself earned.
  /// - Throws: What keeps the decision from being evaluated; it has then changed nothing.
  public mutating func add(
    _ decision: LoggedDecision, target: Double, modelled: ModelledReward = .none, baseline other: Double? = nil
  ) throws(EvaluationError) {
    let corrected = try Self.correctedReward(decision, target: target, modelled: modelled)
    guard other?.isFinite ?? true else { throw EvaluationError(.model, "the baseline is not finite") }
    let (weight, reward) = (target / min(1, decision.propensity), decision.reward)
    overlap.add(weight)
    weighted.add(weight * reward)
    squaresTimesReward += weight * weight * reward
    squaresTimesSquare += weight * weight * reward * reward
    robust.add(corrected)
    baseline.add(other ?? reward)
    gain.add(corrected - (other ?? reward))
  }

  /// What one decision says about a policy (the term that DR is the mean of): unbiased whatever the model expects.
  public static func correctedReward(
    _ decision: LoggedDecision, target: Double, modelled: ModelledReward = .none
  ) throws(EvaluationError) -> Double {
    try decision.check()
    guard target >= 0, target <= 1.001 else {
      throw EvaluationError(.target, "the policy's probability of the arm played is \(target), not in 0 to 1")
    }
    // A model of rewards in 0 ... 1 that is far outside is no model.
    guard modelled.played.magnitude <= 1e3, modelled.policy.magnitude <= 1e3 else {
      throw EvaluationError(.model, "the model expects \(modelled.played) and \(modelled.policy), of at most 1")
    }
    return modelled.policy + target / min(1, decision.propensity) * (decision.reward - modelled.played)
  }

  /// As if all that `other` saw had been added, but for rounding.
  public mutating func merge(_ other: OffPolicyEstimator) {
    overlap.merge(other.overlap)
    weighted.merge(other.weighted)
    squaresTimesReward += other.squaresTimesReward
    squaresTimesSquare += other.squaresTimesSquare
    robust.merge(other.robust)
    baseline.merge(other.baseline)
    gain.merge(other.gain)
  }

  /// - Parameter alpha: The chance that an interval misses.
  /// - Throws: Why the log cannot carry the answer.
  public func estimates(alpha: Double = 0.05) throws(EvaluationRefusal) -> OffPolicyEstimates {
    if let refusal = overlap.refusal { throw refusal }
    let score = ScoreInterval(alpha: alpha)
    let size = overlap.effectiveSampleSize
    let dr = score.interval(robust.mean, variance: robust.varianceOfMean, size: size)
    let base = score.interval(
      baseline.mean, variance: baseline.varianceOfMean, size: Double(overlap.count))
    return OffPolicyEstimates(
      ips: score.interval(weighted.mean, variance: weighted.varianceOfMean, size: size),
      snips: score.interval(ratio, variance: varianceOfRatio, size: size), dr: dr, baseline: base,
      gain: score.difference(
        dr, base, variances: (robust.varianceOfMean, baseline.varianceOfMean, gain.varianceOfMean)))
  }

  /// Normalised by the weights that came, instead of those that were due.
  private var ratio: Double { weighted.mean / overlap.weights.mean }

  /// By the delta method: sum of w^2 (r - ratio)^2 over (sum of w)^2.
  private var varianceOfRatio: Double {
    let (sum, count) = (overlap.weights.sum, Double(overlap.count))
    let squares =
      squaresTimesSquare - 2 * ratio * squaresTimesReward + ratio * ratio * overlap.sumOfSquares
    return count > 1 ? max(0, squares) / (sum * sum) * count / (count - 1) : 0
  }
}

/// Of the mean reward a decision, in 0 ... 1.
public struct OffPolicyEstimates: Hashable, Sendable {
  /// Inverse propensity score: the mean of weight times reward. Unbiased where the propensities are right.
  public var ips: Interval
  /// Self-normalised: over the sum of weights. A little biased, and steadier.
  public var snips: Interval
  /// Doubly robust: right where the propensities or the model are; with a good model the narrowest.
  public var dr: Interval
  /// What the policy is compared with: the log itself, unless another was given.
  public var baseline: Interval
  /// DR above the baseline, paired by decision.
  public var gain: Interval
}

extension OffPolicyEstimator: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(UInt8(1))
    writer.write(overlap)
    for moments in [weighted, robust, baseline, gain] { writer.write(moments) }
    writer.write(squaresTimesReward)
    writer.write(squaresTimesSquare)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    guard try reader.read() as UInt8 == 1 else { throw BinaryError.invalid("version 1", at: reader.position - 1) }
    overlap = try reader.read()
    (weighted, robust, baseline, gain) = (
      try reader.read(), try reader.read(), try reader.read(), try reader.read()
    )
    (squaresTimesReward, squaresTimesSquare) = (try reader.read(), try reader.read())
    guard squaresTimesReward.isFinite, squaresTimesSquare.isFinite else {
      throw BinaryError.invalid("sums of weights", at: reader.position)
    }
  }
}
