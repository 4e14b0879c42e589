public import AttuneModel

/// How much of a log speaks about the policy evaluated.
public struct Overlap: Hashable, Sendable {
  /// Weights: the probability under the evaluated policy over that under the log's, of the arm played.
  public private(set) var weights = Moments()
  /// The largest weight.
  public private(set) var maxWeight = 0.0
  private(set) var sumOfSquares = 0.0

  public init() {}

  /// Decisions that were added.
  public var count: Int { weights.count }

  /// (sum w)^2 / sum w^2 (Kish): as many decisions of the evaluated policy itself would tell as much.
  public var effectiveSampleSize: Double {
    sumOfSquares > 0 ? weights.sum * weights.sum / sumOfSquares : 0
  }

  mutating func add(_ weight: Double) {
    weights.add(weight)
    sumOfSquares += weight * weight
    maxWeight = max(maxWeight, weight)
  }

  mutating func merge(_ other: Overlap) {
    weights.merge(other.weights)
    sumOfSquares += other.sumOfSquares
    maxWeight = max(maxWeight, other.maxWeight)
  }

  /// The mean weight, where it is not 1 as it must be: by more than 1% and 4 standard errors. Then the propensities are
  /// not those the log was made with, or the policy wants arms that the log never played.
  public var suspiciousMeanWeight: Double? {
    let distance = (weights.mean - 1).magnitude
    return count > 1 && distance > 0.01 && distance > 4 * weights.varianceOfMean.squareRoot() ? weights.mean : nil
  }

  /// Why the log cannot carry an answer; nil if it can.
  public var refusal: EvaluationRefusal? {
    if count == 0 { return EvaluationRefusal(code: .empty, overlap: self) }
    if maxWeight == 0 { return EvaluationRefusal(code: .none, overlap: self) }
    return effectiveSampleSize < EvaluationRefusal.leastShare * Double(count)
      ? EvaluationRefusal(code: .little, overlap: self) : nil
  }
}

/// A log that cannot carry the answer: no estimate is better than one that misleads.
public struct EvaluationRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// Why the log cannot carry the answer.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// No decisions.
    case empty
    /// The evaluated policy would never have done what was logged.
    case none
    /// The effective sample size is below `leastShare` of the decisions.
    case little
  }

  /// Of the decisions, that the effective sample size has to be.
  public static let leastShare = 0.01

  public var code: Code
  public var overlap: Overlap

  public var description: String {
    switch code {
    case .empty: return "there are no decisions"
    case .none: return "the policy would never have done what was logged: the log says nothing about it"
    case .little:
      let size = overlap.effectiveSampleSize.rounded(.down)
      return "the log says too little about the policy: \(overlap.count) decisions are worth \(Int(size)) of its own, "
        + "less than \(Self.leastShare.percent)"
    }
  }
}

extension Overlap: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(weights)
    writer.write(maxWeight)
    writer.write(sumOfSquares)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    weights = try reader.read()
    (maxWeight, sumOfSquares) = (try reader.read(), try reader.read())
    guard maxWeight >= 0, maxWeight < .infinity, sumOfSquares >= 0, sumOfSquares < .infinity else {
      throw BinaryError.invalid("sums of weights", at: reader.position)
    }
  }
}
