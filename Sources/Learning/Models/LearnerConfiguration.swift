public import Model

public struct LearnerConfiguration: Hashable, Sendable {
  public var kind: ModelKind
  public var prior: Prior
  /// Of the score's standard deviation, how much is drawn: 1 is Thompson sampling proper, which explores too much.
  public var exploration: Double
  /// Share of decisions that choose among the eligible copies by lot.
  public var floor: Double

  public init(kind: ModelKind = .hybrid, prior: Prior = Prior(), exploration: Double = 0.35, floor: Double = 0.03) {
    self.kind = kind
    self.prior = prior
    self.exploration = exploration >= 0 ? min(exploration, 10) : 0
    self.floor = floor >= 0 ? min(floor, 1) : 0
  }
}

extension LearnerConfiguration: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(kind)
    writer.write(prior)
    writer.write(exploration)
    writer.write(floor)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      kind: try reader.read(), prior: try reader.read(), exploration: try reader.read(), floor: try reader.read())
  }
}
