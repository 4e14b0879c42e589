public import AttuneModel

/// What is believed before the first message: weights are normal about 0, the bias about the log odds of `rate`.
///
/// The score of a copy is (b + t).x with `shared` weights b, and weights t of its `own`.
public struct Prior: Hashable, Sendable {
  static let mostCopies = 10_000
  static let largestWeight = 1e6

  /// A click rate to start from.
  public var rate: Double
  /// The variance of the bias that all copies share. All variances are in squared log odds, 1e-6...100.
  public var sharedBias: Double
  /// The variance of every other weight that all copies share.
  public var shared: Double
  /// The variance of a copy's own bias.
  public var ownBias: Double
  /// The variance of every other weight of a copy's own.
  public var own: Double
  /// What every observation adds to the variances: the world drifts.
  public var drift: Double

  public init(
    rate: Double = 0.04, sharedBias: Double = 0.3, shared: Double = 0.05, ownBias: Double = 0.1, own: Double = 0.1,
    drift: Double = 1e-7
  ) {
    func variance(_ value: Double) -> Double { value > 1e-6 ? min(value, 100) : 1e-6 }
    self.rate = rate > 1e-6 ? min(rate, 1 - 1e-6) : 1e-6
    self.sharedBias = variance(sharedBias)
    self.shared = variance(shared)
    self.ownBias = variance(ownBias)
    self.own = variance(own)
    self.drift = drift > 0 ? min(drift, 1) : 0
  }

  var logOdds: Double { Elementary.logit(rate) }

  /// Of a copy's own bias: as given where that is sound.
  func own(_ belief: Score?) -> Score {
    guard let belief, belief.mean.isFinite, belief.variance >= 0 else { return Score(mean: 0, variance: ownBias) }
    return Score(mean: min(max(belief.mean, -10), 10), variance: min(belief.variance, 100))
  }

  /// Of a score, without evidence.
  func score(_ context: Context) -> Score {
    var variance = sharedBias + ownBias
    for term in context.terms.dropFirst() { variance += (shared + own) * term.value * term.value }
    return Score(mean: logOdds, variance: variance)
  }
}

extension Prior: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    for value in [rate, sharedBias, shared, ownBias, own, drift] { writer.write(value) }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      rate: try reader.read(), sharedBias: try reader.read(), shared: try reader.read(), ownBias: try reader.read(),
      own: try reader.read(), drift: try reader.read())
  }
}
