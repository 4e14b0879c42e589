import Delivery
public import Model
public import Reach
import Synchronization

/// Runs the engine live: gathers what arrives into batches, commits each as one group, then lets its effects go.
///
/// While one batch is being written to disk the next one gathers, so the cost of a commit is shared by all who wait for it.
public actor Driver {
  public struct Limits: Sendable {
    /// Inputs in one batch.
    public var batch = 4096
    /// Inputs waiting; beyond, submitting is refused as `overloaded`.
    public var queue = 50_000
    /// Batches between two checkpoints.
    public var checkpointEvery: Int64 = 2000

    public init() {}
  }

  private struct Submission {
    var inputs: [Input]
    var done: CheckedContinuation<[Acknowledgement], any Error>
  }

  // Commits block on the disk, so they have a thread of their own.
  private nonisolated let thread = ThreadExecutor("attune.driver")
  public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  private var ledger: Ledger
  private let limits: Limits
  private let now: @Sendable () -> Instant
  private let zone: @Sendable (String) -> Zone?
  private let committed: @Sendable (Effects) -> Void
  private var waiting: [Submission] = []
  private var flushing = false
  private var isStopped = false
  private let checkpoints = CheckpointWriter()
  private var checkpointing: Task<Void, Never>?
  /// Not to be tried again before this batch: each try costs a look at the whole state.
  private var nextCheckpoint: Int64 = 0
  private nonisolated let load = Mutex(0)

  /// - Parameters:
  ///   - now: the hour it is.
  ///   - zone: the table of a zone by its IANA name, for profiles that name one.
  ///   - committed: told of every batch after it is durable; must be quick.
  public init(
    ledger: Ledger, limits: Limits = Limits(), now: @escaping @Sendable () -> Instant,
    zone: @escaping @Sendable (String) -> Zone?, committed: @escaping @Sendable (Effects) -> Void
  ) {
    self.ledger = ledger
    self.limits = limits
    self.now = now
    self.zone = zone
    self.committed = committed
  }

  /// Inputs that wait to be committed.
  public nonisolated var depth: Int { load.withLock { $0 } }

  /// Returns when the inputs are durable, with what became of each.
  ///
  /// Throws `DriverError.overloaded` when too much is waiting, `.stopped` after `stop`, and the store's error if the
  /// commit failed: then none of these inputs was taken in.
  public nonisolated func submit(_ inputs: [Input]) async throws -> [Acknowledgement] {
    if inputs.isEmpty { return [] }
    let admitted = load.withLock { load in
      guard load == 0 || load + inputs.count <= limits.queue else { return false }
      load += inputs.count
      return true
    }
    guard admitted else { throw DriverError.overloaded }
    defer { load.withLock { $0 -= inputs.count } }
    return try await enqueue(inputs)
  }

  private func enqueue(_ inputs: [Input]) async throws -> [Acknowledgement] {
    if isStopped { throw DriverError.stopped }
    return try await withCheckedThrowingContinuation { done in
      waiting.append(Submission(inputs: inputs, done: done))
      if !flushing {
        flushing = true
        Task { self.flush() }
      }
    }
  }

  /// Lets time pass when nothing arrives: absences fire, deferred candidates wake.
  public func tick() throws {
    guard !isStopped, waiting.isEmpty else { return }
    let effects = try ledger.commit(Batch(pace: .live, clock: now(), inputs: []), skipIdle: true)
    if effects != Effects() { release(effects) }
  }

  /// Commits what waits, writes a checkpoint, and takes nothing more.
  public func stop() async throws {
    guard !isStopped else { return }
    while !waiting.isEmpty { commitWaiting() }
    isStopped = true
    await checkpointing?.value
    try ledger.checkpoint()
  }

  public func read<T: Sendable>(_ body: @Sendable (Engine) throws -> T) rethrows -> T { try body(ledger.engine) }

  private func flush() {
    flushing = false
    commitWaiting()
    if !waiting.isEmpty, !flushing {
      flushing = true
      Task { self.flush() }
    }
  }

  private func commitWaiting() {
    var taken: [Submission] = []
    var inputs: [Input] = []
    var ranges: [Range<Int>] = []
    for submission in waiting {
      guard taken.isEmpty || inputs.count + submission.inputs.count <= limits.batch else { break }
      taken.append(submission)
      inputs += zones(for: submission.inputs)
      ranges.append(inputs.count..<inputs.count + submission.inputs.count)
      inputs += submission.inputs
    }
    waiting.removeFirst(taken.count)
    guard !taken.isEmpty else { return }
    do {
      let effects = try ledger.commit(Batch(pace: .live, clock: now(), inputs: inputs))
      release(effects)
      for (submission, range) in zip(taken, ranges) {
        submission.done.resume(returning: Array(effects.acknowledgements[range]))
      }
    } catch {
      for submission in taken { submission.done.resume(throwing: error) }
    }
  }

  private func release(_ effects: Effects) {
    committed(effects)
    guard checkpointing == nil, ledger.sequence >= nextCheckpoint,
      ledger.uncheckpointed >= limits.checkpointEvery, let snapshot = ledger.snapshot
    else { return }
    nextCheckpoint = snapshot.sequence + limits.checkpointEvery
    checkpointing = Task {
      if await checkpoints.save(snapshot) { ledger.saved(snapshot) }
      checkpointing = nil
    }
  }

  /// Tables of zones that these profiles name, where the engine has none or an older one.
  private func zones(for inputs: [Input]) -> [Input] {
    var names: Set<String> = []
    var tables: [Input] = []
    for case .profile(let patch) in inputs {
      guard let name = patch.zoneName, names.insert(name).inserted, let table = zone(name),
        table != ledger.engine.zone(named: name)
      else { continue }
      tables.append(.zone(table))
    }
    return tables
  }
}

/// Why the driver did not take inputs in.
public enum DriverError: Error, Sendable {
  case overloaded
  case stopped
}
