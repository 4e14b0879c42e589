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
