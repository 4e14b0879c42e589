public import AttuneModel

/// What one group commit makes durable. The four blocks are opaque here; the engine encodes them.
public struct JournalBatch: Sendable, Equatable {
  /// 1, 2, 3 ... without gaps.
  public var sequence: Int64
  /// The instant at which its inputs were handled.
  public var clock: Instant
  public var inputs: [UInt8]
  public var decisions: [UInt8]
  public var traces: [UInt8]
  public var tally: [UInt8]

  public init(
    sequence: Int64, clock: Instant, inputs: [UInt8], decisions: [UInt8] = [], traces: [UInt8] = [],
    tally: [UInt8] = []
  ) {
    self.sequence = sequence
    self.clock = clock
    self.inputs = inputs
    self.decisions = decisions
    self.traces = traces
    self.tally = tally
  }
}

/// The truth: every input in its order. State is what follows from it.
public protocol Journal: Sendable {
  /// Number of the newest batch, 0 before the first.
  var lastSequence: Int64 { get }

  /// One transaction: the batch, the outbox rows it caused, those it withdraws, and those it settles. Durable when it
  /// returns; when it throws, nothing of it is there.
  ///
  /// `batch.sequence` must be `lastSequence + 1` (`outOfOrder`), a queued id must be new (`duplicate`). A withdrawn
  /// message that is queued is withheld, one that is claimed is not tried again; of others nothing changes. Settling a
  /// settled or unknown message changes nothing.
  func append(
    _ batch: JournalBatch, queue: [Message], withdraw: [CandidateID], settle: [Settlement]
  ) throws(StoreError)

  /// Every later batch, in order, a few in memory at a time. Throws `damaged` where one is missing, and whatever
  /// `body` throws.
  func batches(after sequence: Int64, _ body: (JournalBatch) throws -> Void) throws

  /// Durable when it returns. The last two are kept; an append does not wait for it.
  func saveCheckpoint(_ state: [UInt8], at sequence: Int64) throws(StoreError)

  /// The newest sound one: a damaged one falls back to the one before. nil: start from the first batch.
  func latestCheckpoint() throws(StoreError) -> (sequence: Int64, state: [UInt8])?
}

extension Journal {
  /// A batch that withdraws nothing.
  public func append(_ batch: JournalBatch, queue: [Message], settle: [Settlement]) throws(StoreError) {
    try append(batch, queue: queue, withdraw: [], settle: settle)
  }
}
