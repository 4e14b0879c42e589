public import AttuneModel

/// How a learner chooses and forgets. The defaults are one configuration for all; docs/learning.md tells how they were
/// found.
public struct LearnerConfiguration: Hashable, Sendable {
  /// The model that learns.
  public var kind: ModelKind
  /// What is believed before the first message.
  public var prior: Prior
  /// A draw is normal about mean + `optimism` * deviation, with `exploration` * deviation.
  public var optimism: Double
  public var exploration: Double
  /// Share of decisions that choose among the eligible copies at random.
  public var floor: Double
  /// How much better, in nats, a model that starts anew has to predict before it takes over, because the world has
  /// changed; 0: never. The chance of a false alarm is about e^-`alarm` for each start.
  public var alarm: Double

  public init(
    kind: ModelKind = .hybrid, prior: Prior = Prior(), optimism: Double = 1, exploration: Double = 0.15,
    floor: Double = 0.03, alarm: Double = 12
  ) {
    func clamped(_ value: Double, to most: Double) -> Double { value >= 0 ? min(value, most) : 0 }
    self.kind = kind
    self.prior = prior
    self.optimism = clamped(optimism, to: 10)
    self.exploration = clamped(exploration, to: 10)
    self.floor = clamped(floor, to: 1)
    self.alarm = clamped(alarm, to: 1e6)
  }

  /// For a campaign: it is over before the world changes, and its last messages are answered by silence alone, which would
  /// look like a change.
  public var steady: LearnerConfiguration {
    var steady = self
    steady.alarm = 0
    steady.prior.drift = 0
    return steady
  }

  /// The distribution a copy's log odds are drawn from.
  func draw(of score: Score) -> (mean: Double, deviation: Double) {
    let deviation = score.variance.squareRoot()
    return (score.mean + optimism * deviation, exploration * deviation)
  }
}

extension LearnerConfiguration: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(kind)
    writer.write(prior)
    for value in [optimism, exploration, floor, alarm] { writer.write(value) }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      kind: try reader.read(), prior: try reader.read(), optimism: try reader.read(), exploration: try reader.read(),
      floor: try reader.read(), alarm: try reader.read())
  }
}
