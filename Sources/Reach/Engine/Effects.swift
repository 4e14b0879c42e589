public import AttuneModel

/// What follows from a batch. The driver makes it durable together with the batch, then acts on it.
public struct Effects: Hashable, Sendable {
  /// One a input, in order.
  public var acknowledgements: [Acknowledgement] = []
  /// To be queued for delivery, in the order (partition, time).
  public var messages: [Message] = []
  /// Not to be sent after all, if it is not too late: to be withdrawn from the outbox, and settled.
  public var withdrawn: [CandidateID] = []
  /// Settlements that took effect: their outbox rows are settled.
  public var settled: [Settlement] = []
  /// What recovery applies instead of deciding anew.
  public var decisions: [Decision] = []
  /// One a `.reserve` among the inputs, in order.
  public var answers: [ReservationAnswer] = []
  /// Of publications, launches and other orders to campaigns: what the engine says of them, by the place of the input.
  /// Not journaled: whoever asked is the only one to be told.
  public var explanations: [Int: Explanation] = [:]
  public var traces: [Trace] = []
  public var tally = Tally()
  /// Lessons that were counted and learned: a batch that changed what is known is no idle one.
  public var learned = 0

  public init() {}

  public var record: BatchRecord { BatchRecord(decisions: decisions, answers: answers) }

  mutating func append(_ other: Effects) {
    messages += other.messages
    withdrawn += other.withdrawn
    settled += other.settled
    decisions += other.decisions
    traces += other.traces
    tally.merge(other.tally)
  }
}

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
  public var loss: Loss?

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
    material: String? = nil, until: Instant? = nil, manner: Manner = .plain, loss: Loss? = nil
  ) {
    self.candidate = candidate
    self.outcome = outcome
    self.at = at
    self.user = user
    self.business = business
    self.material = material
    self.until = until
    self.manner = manner
    self.loss = loss
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
    writer.write(loss)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      candidate: try reader.read(), outcome: try reader.read(), at: try reader.read(), user: try reader.read(),
      business: try reader.read(), material: try reader.read(), until: try reader.read(),
      manner: try reader.read(), loss: try reader.read())
  }
}
