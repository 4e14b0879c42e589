/// A settlement as the journal has it.
public struct JournaledSettlement: Hashable, Sendable {
  public var settlement: Settlement
  /// The clock of its batch.
  public var at: Instant

  public init(settlement: Settlement, at: Instant) {
    self.settlement = settlement
    self.at = at
  }
}

/// An answer on a user; and where a message was sent, how that ended, as soon as it is known.
public struct TimelineEntry: Hashable, Sendable {
  public var trace: Trace
  /// The last one, should an unknown outcome have become known.
  public var delivery: JournaledSettlement?

  public init(trace: Trace, delivery: JournaledSettlement? = nil) {
    self.trace = trace
    self.delivery = delivery
  }
}
