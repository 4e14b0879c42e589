import Model
public import Reach
public import Storage

/// An engine and the journal it stands on, kept in step: memory is never ahead of disk.
public struct Ledger: Sendable {
  public private(set) var engine: Engine
  public let journal: any Journal
  /// Number of the last batch handled.
  public private(set) var sequence: Int64
  /// Work done since the last checkpoint, and so to be repeated at a start: inputs, and ten more a batch.
  public private(set) var uncheckpointed: Int
  /// A batch was handled that is not on disk, and the journal could not be read to forget it.
  private var isAhead = false

  /// Takes up the newest checkpoint and repeats the later batches with the decisions they record.
  public init(recovering journal: any Journal) throws {
    self.journal = journal
    (engine, uncheckpointed, sequence) = try Self.recover(journal)
  }

  /// Handles a batch and makes it durable, with its outbox rows, in one transaction.
  ///
  /// When the commit fails nothing of the batch remains: memory is rebuilt from the journal, and the error thrown.
  /// `skipIdle`: a batch without inputs that changed nothing anyone can see is not journaled.
  @discardableResult
  public mutating func commit(_ batch: Batch, queuing: Bool = true, skipIdle: Bool = false) throws -> Effects {
    if isAhead { try catchUp() }
    var batch = batch
    // What is journaled is the clock that counts: idle ticks, which are not, may have been ahead of this one.
    if batch.pace == .live { batch.clock = max(batch.clock, engine.clock) }
    let effects = engine.handle(batch)
    if skipIdle, batch.inputs.isEmpty, effects == Effects() { return effects }
    do {
      try journal.append(
        JournalBatch(sequence: sequence + 1, batch: batch, effects: effects), queue: queuing ? effects.messages : [],
        settle: queuing ? effects.settled : [])
    } catch {
      isAhead = true
      // If the journal cannot even be read now, the next commit tries again before it does anything.
      try? catchUp()
      throw error
    }
    sequence += 1
    uncheckpointed += Self.work(batch)
    return effects
  }

  private static func work(_ batch: Batch) -> Int { batch.inputs.count + 10 }

  public mutating func checkpoint() throws {
    guard let snapshot else { return }
    try snapshot.save()
    saved(snapshot)
  }

  /// The state as it is now, to be saved while the ledger goes on; nil when there is nothing new.
  var snapshot: Snapshot? {
    uncheckpointed > 0 && !isAhead ? Snapshot(engine: engine, sequence: sequence, work: uncheckpointed, journal: journal) : nil
  }

  mutating func saved(_ snapshot: Snapshot) { uncheckpointed = max(0, uncheckpointed - snapshot.work) }

  struct Snapshot: Sendable {
    let engine: Engine
    let sequence: Int64
    let work: Int
    let journal: any Journal

    func save() throws { try journal.saveCheckpoint(engine.checkpoint(), at: sequence) }
  }

  private mutating func catchUp() throws {
    (engine, uncheckpointed, sequence) = try Self.recover(journal)
    isAhead = false
  }

  private static func recover(_ journal: any Journal) throws -> (Engine, uncheckpointed: Int, sequence: Int64) {
    var engine = Engine()
    var sequence: Int64 = 0
    if let checkpoint = try journal.latestCheckpoint() {
      engine = try Engine(checkpoint: checkpoint.state)
      sequence = checkpoint.sequence
    }
    var work = 0
    try journal.batches(after: sequence) { row in
      let batch = try row.batch()
      engine.apply(batch, record: try row.recorded())
      sequence = row.sequence
      work += Self.work(batch)
    }
    return (engine, work, sequence)
  }
}
