public import AttuneModel

/// What a model believes of a copy in a context: the log odds of a click are normal with this mean and variance.
public struct Score: Hashable, Sendable {
  /// In log odds.
  public var mean: Double
  /// In squared log odds.
  public var variance: Double

  public init(mean: Double, variance: Double) {
    self.mean = mean
    self.variance = variance
  }

  /// The probability of a click, averaged over the belief (MacKay's approximation, within 0.01).
  public var probability: Double {
    Elementary.sigmoid(mean / (1 + 0.39269908169872414 * variance).squareRoot())
  }
}

extension Score: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(mean)
    writer.write(variance)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(mean: try reader.finite(), variance: try reader.finite())
  }
}

extension Beta {
  /// What is known of the log odds, as a model of scores takes it: nearly normal.
  public var score: Score { Score(mean: Elementary.logit(mean), variance: 1 / (mean * (1 - mean) * (strength + 1))) }
}
