public import AttuneModel

/// One batch as recovery needs it. The blocks are opaque here; the engine encodes them.
public struct JournalBatch: Sendable, Equatable {
  /// 1, 2, 3 ... without gaps.
  public var sequence: Int64
  /// The instant at which its inputs were handled.
  public var clock: Instant
  public var inputs: [UInt8]
  public var decisions: [UInt8]

  public init(sequence: Int64, clock: Instant, inputs: [UInt8], decisions: [UInt8] = []) {
    self.sequence = sequence
    self.clock = clock
    self.inputs = inputs
    self.decisions = decisions
  }
}

/// What one group commit makes durable, all of it or nothing.
public struct Commit: Sendable, Equatable {
  public var batch: JournalBatch
  /// What the batch leaves for those who read; of the same sequence.
  public var history: HistoryBatch
  /// Messages that enter the outbox. Their ids are new.
  public var queue: [Message]
  /// Messages not to be sent any more: queued ones are withheld, claimed ones are not tried again.
  public var withdraw: [CandidateID]
  /// How messages ended. Settling a settled or unknown one changes nothing.
  public var settle: [Settlement]

  public init(
    _ batch: JournalBatch, history: HistoryBatch? = nil, queue: [Message] = [], withdraw: [CandidateID] = [],
    settle: [Settlement] = []
  ) {
    self.batch = batch
    self.history = history ?? HistoryBatch(sequence: batch.sequence)
    self.queue = queue
    self.withdraw = withdraw
    self.settle = settle
  }
}

/// The truth: every input in its order, with what was decided. State is what follows from it.
///
/// ```swift
/// try journal.append(Commit(JournalBatch(sequence: journal.lastSequence + 1, clock: now, inputs: bytes)))
/// ```
/// Calls block for as long as the disk takes.
public protocol Journal: Sendable {
  /// Number of the newest batch, 0 before the first. Of a store open for reading: as it was when it was opened.
  var lastSequence: Int64 { get }

  /// Number of the oldest batch that is still there, or will be: 1 until `trim`.
  func firstSequence() throws(StoreError) -> Int64

  /// One transaction: the batch, its history, and what it does to the outbox. Durable when it returns.
  ///
  /// - Throws: `outOfOrder` or `duplicate` where the batch is not number `lastSequence + 1`, `duplicate` where a message
  ///   is there already, `diskFull`: nothing of it is there then. After `io` it may be there, and the journal tells.
  func append(_ commit: Commit) throws(StoreError)

  /// Every later batch, in order, a few in memory at a time.
  ///
  /// - Throws: `trimmed` where the next one is not kept any more, `damaged` where one is missing or is not what was
  ///   written, and whatever `body` throws.
  func batches(after sequence: Int64, _ body: (JournalBatch) throws -> Void) throws

  /// The batch of that number, if it is there.
  func batch(_ sequence: Int64) throws(StoreError) -> JournalBatch?

  /// The last batch handled before an instant; the one before `firstSequence` if none was, or is still there. Clocks of a
  /// live journal never go back; a replay's tell nothing, and then it is that one, too.
  func sequence(before instant: Instant) throws(StoreError) -> Int64

  /// Durable when it returns. The last two are kept; an append does not wait for it.
  ///
  /// - Throws: `outOfOrder` where the journal does not go that far.
  func saveCheckpoint(_ state: [UInt8], at sequence: Int64) throws(StoreError)

  /// The newest that is sound and of this very journal; one that is not is kept under another name, and told in the
  /// store's findings. nil: start from the first batch.
  func latestCheckpoint() throws(StoreError) -> (sequence: Int64, state: [UInt8])?

  /// Removes the batches up to and including this one.
  ///
  /// - Throws: `stillNeeded` where it lies beyond the newest sound checkpoint; then nothing was removed.
  func trim(through sequence: Int64) throws(StoreError)
}
