public import AttuneModel

/// The compact record of one decision: enough to repeat its consequences without asking filters, fatigue or chance.
public struct Decision: Hashable, Sendable {
  public var candidate: CandidateID
  public var outcome: Trace.Outcome
  public var at: Instant
  public var user: String
  public var business: String
  /// What was said, if it was sent.
  public var material: String?
  /// When it is tried again, if it was deferred.
  public var until: Instant?
  public var manner: Manner
  /// What a refusal kept from the user, where that is learned from.
  public var cost: RefusalCost?

  /// What campaigns tell apart among the sent and among the refused.
  public enum Manner: UInt8, Sendable, BinaryCodable {
    case plain = 0
    /// Sent without disturbing.
    case quiet = 1
    /// Refused because no copy was worth it.
    case held = 2
  }

  public init(
    candidate: CandidateID, outcome: Trace.Outcome, at: Instant, user: String, business: String,
    material: String? = nil, until: Instant? = nil, manner: Manner = .plain, cost: RefusalCost? = nil
  ) {
    self.candidate = candidate
    self.outcome = outcome
    self.at = at
    self.user = user
    self.business = business
    self.material = material
    self.until = until
    self.manner = manner
    self.cost = cost
  }
}

extension Decision: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(candidate)
    writer.write(outcome)
    writer.write(at)
    writer.write(user)
    writer.write(business)
    writer.write(material)
    writer.write(until)
    writer.write(manner)
    writer.write(cost)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      candidate: try reader.read(), outcome: try reader.read(), at: try reader.read(), user: try reader.read(),
      business: try reader.read(), material: try reader.read(), until: try reader.read(),
      manner: try reader.read(), cost: try reader.read())
  }
}
