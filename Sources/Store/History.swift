public import AttuneModel

/// What one batch leaves for those who read: "why", and the funnel. Opaque here; the engine encodes them.
public struct HistoryBatch: Sendable, Equatable {
  public var sequence: Int64
  public var traces: [UInt8]
  public var tally: [UInt8]

  public init(sequence: Int64, traces: [UInt8] = [], tally: [UInt8] = []) {
    self.sequence = sequence
    self.traces = traces
    self.tally = tally
  }
}

/// What a batch adds to the readable tables.
public struct Projection: Sendable, Equatable {
  /// Sequence of the batch.
  public var batch: Int64
  /// Whom its traces are about, in any order; some may be told several times.
  public var users: [String]
  public var tally: Tally

  public init(batch: Int64, users: [String], tally: Tally = Tally()) {
    self.batch = batch
    self.users = users
    self.tally = tally
  }
}

/// What people read of the past: the batches' traces and counts, written with the journal's appends, and the readable
/// tables (which user is in which batch, the funnel) that are made from them behind the hot path.
public protocol History: Sendable {
  /// Number of the oldest batch that is still there, or will be: 1 until `trim`.
  func firstSequence() throws(StoreError) -> Int64

  /// The batch of that number, if it is there.
  func batch(_ sequence: Int64) throws(StoreError) -> HistoryBatch?

  /// Every later batch, in order, a few in memory at a time.
  ///
  /// - Throws: `trimmed` where the next one is not kept any more, `damaged` where one is missing or is not what was
  ///   written, and whatever `body` throws.
  func batches(after sequence: Int64, _ body: (HistoryBatch) throws -> Void) throws

  /// The newest batch that timelines and funnel know of.
  func indexedThrough() throws(StoreError) -> Int64

  /// Adds several batches to timelines and funnel in one transaction. Those already known are skipped.
  ///
  /// - Throws: `outOfOrder` where there is a gap; then nothing is added.
  func index(_ projections: [Projection]) throws(StoreError)

  /// Batches with traces about the user that are still there, in order; now and then one that turns out to have none.
  func batches(of user: String) throws(StoreError) -> [Int64]

  /// The sum of everything indexed, also of what was trimmed since.
  func funnel() throws(StoreError) -> Tally

  /// What became of messages: the funnel's counts of some stages, by day and material alone.
  func messages(_ stages: [Tally.Stage]) throws(StoreError) -> Tally

  /// Removes the batches up to and including this one, and what timelines tell of them. The funnel keeps their counts.
  ///
  /// - Throws: `stillNeeded` where it lies beyond `indexedThrough`; then nothing was removed.
  func trim(through sequence: Int64) throws(StoreError)
}
