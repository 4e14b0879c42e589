public import AttuneModel

/// What a filter, fatigue or a quota kept from a user, where copies are chosen by what was learned. It is recorded with
/// the decision, so that a recovery counts what was counted.
public struct RefusalCost: Hashable, Sendable {
  public var obstacle: Obstacle
  /// The copy that would have suited the user best; empty where none could have been sent.
  public var copy: String
  /// What sending it would have been worth, in clicks: prices, annoyance and weariness taken off, never below 0.
  public var worth: Double
}

extension RefusalCost: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(obstacle)
    writer.write(copy)
    writer.write(worth)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(obstacle: try reader.read(), copy: try reader.read(), worth: try reader.read())
    guard worth.isFinite else { throw BinaryError.invalid("the cost of a refusal", at: reader.position) }
  }
}

extension Obstacle {
  /// Whether a user whom it refuses misses something: else there was nothing to lose, or nothing to be done.
  var hasCost: Bool {
    switch self {
    case .filter, .materials, .quota, .fatigue: true
    case .validity, .campaign, .holdout, .choice: false
    }
  }
}
