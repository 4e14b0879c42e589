import AttuneModel
public import Reach
public import Store

/// An engine and the journal it stands on, kept in step: memory is never ahead of disk.
public struct Ledger: Sendable {
  public private(set) var engine: Engine
  public let journal: any Journal
  /// Number of the last batch handled.
  public private(set) var sequence: Int64
  /// What recovery would have to read and repeat: bytes of the batches since the last checkpoint, see `weight`.
  public private(set) var backlog: Int
  /// Bytes of the last checkpoint.
  private var checkpointSize: Int
  private var standing = Standing.inStep

  private enum Standing: Sendable {
    case inStep
    /// A batch was handled, and it is not known to be on disk.
    case ahead(Commit, Effects)
    /// That batch is to be forgotten, and the journal could not be read to do so.
    case lost
  }

  /// Takes up the newest checkpoint and repeats the later batches with the decisions they record.
  public init(recovering journal: any Journal) throws {
    self.journal = journal
    (engine, sequence, backlog, checkpointSize) = try Self.recover(journal)
  }

  /// Handles a batch and makes it durable, with its outbox rows, in one transaction.
  ///
  /// When the commit fails nothing of the batch remains: memory is rebuilt from the journal, and the error thrown.
  /// - Parameter skipIdle: a batch without inputs that changed nothing anyone can see is not journaled.
  @discardableResult
  public mutating func commit(_ batch: Batch, queuing: Bool = true, skipIdle: Bool = false) throws -> Effects {
    do { return try attempt(batch, queuing: queuing, skipIdle: skipIdle) } catch {
      // If the journal cannot even be read now, the next commit tries again before it does anything.
      try? discard()
      throw error
    }
  }

  /// The same, and when the commit fails memory stays ahead of the disk by this batch: nobody may be told of it before
  /// it was tried again with success, and nothing else can be handled before that, or before it is discarded.
  mutating func attempt(_ batch: Batch, queuing: Bool = true, skipIdle: Bool = false) throws -> Effects {
    if case .inStep = standing {} else { try discard() }
    var batch = batch
    // What is journaled is the clock that counts: idle ticks, which are not, may have been ahead of this one.
    if batch.pace == .live { batch.clock = max(batch.clock, engine.clock) }
    let effects = engine.handle(batch)
    if skipIdle, batch.inputs.isEmpty, effects == Effects() { return effects }
    let commit = Commit(sequence: sequence + 1, batch, effects, queuing: queuing)
    do { try journal.append(commit) } catch {
      standing = .ahead(commit, effects)
      throw error
    }
    advance(past: commit)
    return effects
  }

  /// Tries again what `attempt` could not make durable; nil if there is nothing of the kind.
  mutating func retry() throws -> Effects? {
    guard case .ahead(let commit, let effects) = standing else { return nil }
    // The answer alone may have been lost.
    if let written = try journal.batch(commit.batch.sequence) {
      guard written.isSame(as: commit.batch) else {
        throw StoreError(.damaged, "batch \(written.sequence) of the journal was written by somebody else")
      }
    } else {
      try journal.append(commit)
    }
    advance(past: commit)
    standing = .inStep
    return effects
  }

  /// Forgets what `attempt` could not make durable: memory becomes what the journal says.
  ///
  /// Takes as long as a start does.
  mutating func discard() throws {
    if case .inStep = standing { return }
    standing = .lost
    // There need not be room for two.
    engine = Engine()
    (engine, sequence, backlog, checkpointSize) = try Self.recover(journal)
    standing = .inStep
  }

  private mutating func advance(past commit: Commit) {
    sequence += 1
    backlog += commit.batch.weight
  }

  /// Whether a checkpoint pays: it is a copy of the whole state, so it waits until as much was journaled again, and at
  /// least `least` bytes. All of them together then cost no more than the journal.
  public func isCheckpointDue(after least: Int) -> Bool { backlog >= max(least, checkpointSize) }

  public mutating func checkpoint() throws {
    guard let snapshot else { return }
    saved(snapshot, size: try snapshot.save())
  }

  /// The state as it is now, to be saved while the ledger goes on; nil when there is nothing new.
  var snapshot: Snapshot? {
    guard case .inStep = standing, backlog > 0 else { return nil }
    return Snapshot(engine: engine, sequence: sequence, backlog: backlog, journal: journal)
  }

  mutating func saved(_ snapshot: Snapshot, size: Int) {
    backlog = max(0, backlog - snapshot.backlog)
    checkpointSize = size
  }

  struct Snapshot: Sendable {
    let engine: Engine
    let sequence: Int64
    let backlog: Int
    let journal: any Journal

    /// Its size in bytes.
    func save() throws -> Int {
      let state = engine.checkpoint()
      try journal.saveCheckpoint(state, at: sequence)
      return state.count
    }
  }

  private static func recover(
    _ journal: any Journal
  ) throws -> (Engine, sequence: Int64, backlog: Int, checkpointSize: Int) {
    var engine = Engine()
    var sequence: Int64 = 0
    var (backlog, size) = (0, 0)
    if let checkpoint = try journal.latestCheckpoint() {
      engine = try Engine(checkpoint: checkpoint.state)
      sequence = checkpoint.sequence
      size = checkpoint.state.count
    }
    try journal.batches(after: sequence) { row in
      engine.apply(try row.batch(), record: try row.recorded())
      sequence = row.sequence
      backlog += row.weight
    }
    return (engine, sequence, backlog, size)
  }
}

extension JournalBatch {
  /// Bytes, and as much again as a page for being a row and a step of the engine.
  fileprivate var weight: Int { 4096 + inputs.count + decisions.count }

  fileprivate func isSame(as other: JournalBatch) -> Bool {
    clock == other.clock && inputs == other.inputs && decisions == other.decisions
  }
}
