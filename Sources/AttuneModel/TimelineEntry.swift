/// A settlement as the journal has it.
public struct JournaledSettlement: Hashable, Sendable {
  public var settlement: Settlement
  /// The clock of its batch.
  public var at: Instant

  public init(settlement: Settlement, at: Instant) {
    self.settlement = settlement
    self.at = at
  }

  /// Whether a later one takes its place: only what was unknown can become known.
  public func yields(to later: JournaledSettlement) -> Bool {
    settlement.outcome == .unknown && later.settlement.outcome != .unknown
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

  /// - Parameter ends: what is known of messages, by their ids.
  public init(trace: Trace, among ends: [CandidateID: JournaledSettlement]) {
    var delivery: JournaledSettlement?
    if trace.outcome == .sent, case .candidate(let id) = trace.id { delivery = ends[id] }
    self.init(trace: trace, delivery: delivery)
  }
}
