public import AttuneModel
public import Fatigue
import Platform
public import Reach
import Synchronization

/// Runs the engine live: gathers what arrives into batches, commits each as one group, then lets its effects go.
///
/// While one batch is being written to disk the next one gathers, so the cost of a commit is shared by all who wait for it.
public actor Driver {
  public struct Limits: Sendable {
    /// Inputs in one batch, at most.
    public var batch = 4096
    /// How long a batch should take: whoever comes while it lasts has to wait for its end.
    public var turn = Duration.milliseconds(25)
    /// Inputs of one class waiting; beyond, submitting is refused as `overloaded`.
    public var queue = 50_000
    /// For how long a batch that the store could not take is tried again, before its callers are told.
    public var patience = Duration.seconds(5)
    /// The least backlog that a checkpoint is written for; see `Ledger.isCheckpointDue`.
    public var checkpointAfter = 64 << 20

    public init() {}
  }

  // Commits block on the disk, so they have a thread of their own.
  private nonisolated let thread = ThreadExecutor("attune.driver")
  public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  private var ledger: Ledger
  private let limits: Limits
  private let now: @Sendable () -> Instant
  private let zone: @Sendable (String) -> Zone?
  private let committed: @Sendable (Effects) -> Void
  private nonisolated let intake: Mutex<Intake>
  private let checkpoints = CheckpointWriter()
  private var checkpointing: Task<Void, Never>?
  /// The backlog at the last try that failed: each costs a look at the whole state.
  private var failedAt = 0
  private var pace = BatchPace()
  /// While the store cannot take a batch.
  private var stalled: Task<Void, Never>?

  /// - Parameters:
  ///   - now: the hour it is.
  ///   - zone: the table of a zone by its IANA name, for profiles and reservations that name one. Asked often.
  ///   - committed: told of every batch after it is durable; must be quick.
  public init(
    ledger: Ledger, limits: Limits = Limits(), now: @escaping @Sendable () -> Instant,
    zone: @escaping @Sendable (String) -> Zone?, committed: @escaping @Sendable (Effects) -> Void
  ) {
    self.ledger = ledger
    self.limits = limits
    intake = Mutex(Intake(limit: limits.queue))
    self.now = now
    self.zone = zone
    self.committed = committed
  }

  /// Inputs that wait to be committed.
  public nonisolated var depth: Int { intake.withLock { $0.load } }

  /// Throws what `submit` would throw now for one more input of a class: to be asked before costly work.
  public nonisolated func admit(_ class: InputClass) throws {
    if let refusal = intake.withLock({ $0.refusal(of: `class`, 1) }) { throw refusal }
  }

  /// Returns when the inputs are durable, with what became of each.
  ///
  /// Throws `DriverError.overloaded` when too much of their class is waiting, `.stopped` after `stop`, and the store's
  /// error if it could not take them for `Limits.patience`, or could not take others before: then none of these inputs
  /// was taken in.
  public nonisolated func submit(_ inputs: [Input]) async throws -> [Acknowledgement] {
    Array(try await commit(inputs).acknowledgements)
  }

  /// Does not wait for the driver: whoever comes first wakes it, the others only join those who wait.
  nonisolated func commit(_ inputs: [Input]) async throws -> Submission.Outcome {
    if inputs.isEmpty { return Submission.Outcome() }
    return try await withCheckedThrowingContinuation { done in
      switch intake.withLock({ $0.add(Submission(inputs: inputs, done: done)) }) {
      case .success(let wakes): if wakes { Task { await flush() } }
      case .failure(let error): done.resume(throwing: error)
      }
    }
  }

  /// Lets time pass when nothing arrives: absences fire, deferred candidates wake.
  public func tick() throws {
    guard intake.withLock({ $0.isIdle }) else { return }
    do {
      let effects = try ledger.attempt(Batch(pace: .live, clock: now(), inputs: []), skipIdle: true)
      if effects != Effects() { release(effects) }
    } catch {
      stall(nil, error)
      throw error
    }
    goOnWithWave()
  }

  /// Commits what waits, writes a checkpoint, and takes nothing more.
  public func stop() async throws {
    guard intake.withLock({ $0.stop() }) else { return }
    await stalled?.value
    while case let taken = take(), !taken.isEmpty { commit(taken) }
    await stalled?.value
    await checkpointing?.value
    try ledger.checkpoint()
  }

  public func read<T: Sendable>(_ body: @Sendable (Engine) throws -> T) rethrows -> T { try body(ledger.engine) }

  private func flush() {
    commit(take())
    // Between two batches others have their turn with the engine.
    if intake.withLock({ $0.goOn() }) { Task { flush() } } else { goOnWithWave() }
  }

  /// The next slice of a campaign's wave, if nothing else comes meanwhile.
  private func goOnWithWave() {
    if ledger.engine.isInWave { Task { try? tick() } }
  }

  private func take() -> [Submission] {
    let batch = pace.batch(within: limits.turn, most: limits.batch)
    return intake.withLock { $0.take(batch, part: limits.batch / InputClass.allCases.count) }
  }

  private func commit(_ submissions: [Submission]) {
    if submissions.isEmpty { return }
    let group = CommitGroup(submissions, zones: zones(for: submissions))
    let start = ContinuousClock.now
    do {
      finish(group, try ledger.attempt(Batch(pace: .live, clock: now(), inputs: group.inputs)))
      pace.took(.now - start, inputs: group.inputs.count)
    } catch {
      stall(group, error)
    }
  }

  private func finish(_ group: CommitGroup, _ effects: Effects) {
    release(effects)
    intake.withLock { $0.finish() }
    group.succeed(effects)
  }

  private func release(_ effects: Effects) {
    committed(effects)
    guard checkpointing == nil, ledger.isCheckpointDue(after: failedAt + limits.checkpointAfter),
      let snapshot = ledger.snapshot
    else { return }
    checkpointing = Task {
      let size = await checkpoints.save(snapshot)
      if let size { ledger.saved(snapshot, size: size) }
      failedAt = size == nil ? snapshot.backlog : 0
      checkpointing = nil
    }
  }

  /// Tables of zones that these inputs name, where the engine has none or an older one.
  private func zones(for submissions: [Submission]) -> [Input] {
    var names: Set<String> = []
    var tables: [Input] = []
    for submission in submissions {
      for input in submission.inputs {
        guard let name = input.zoneName, names.insert(name).inserted, let table = zone(name),
          table != ledger.engine.zone(named: name)
        else { continue }
        tables.append(.zone(table))
      }
    }
    return tables
  }
}

// A store that fails. Whoever comes meanwhile is told at once.
extension Driver {
  private static let pause = Duration.milliseconds(50)

  private func stall(_ group: CommitGroup?, _ error: any Error) {
    turnAway(error)
    stalled = Task { await recover(group) }
  }

  /// Tries again until the store takes the batch. If it does not within `Limits.patience`, the batch is forgotten and its
  /// callers are told; from then on an empty one shows when the store is well again.
  private func recover(_ group: CommitGroup?) async {
    let deadline = ContinuousClock.now + limits.patience
    var group = group
    while true {
      try? await Task.sleep(for: Self.pause)
      do {
        let effects = try ledger.retry() ?? ledger.attempt(Batch(pace: .live, clock: now(), inputs: []))
        if let group { finish(group, effects) } else { release(effects) }
        break
      } catch {
        turnAway(error)
        let isStopping = intake.withLock { $0.isStopped }
        if let told = group, isStopping || ContinuousClock.now >= deadline {
          if !isStopping { try? ledger.discard() }
          intake.withLock { $0.finish() }
          told.fail(error)
          group = nil
        }
        if isStopping { break }
      }
    }
    stalled = nil
    intake.withLock { $0.recover() }
    flush()
  }

  private func turnAway(_ error: any Error) {
    for submission in intake.withLock({ $0.fail(error) }) { submission.done.resume(throwing: error) }
  }
}

extension Driver {
  /// Whether these users may be reached, and counts those that may. Returns when it is durable, with one result each.
  ///
  /// A reservation that cannot be judged is an error of its own and holds up no other. Throws as `submit` does.
  public nonisolated func reserve(
    _ reservations: [Reservation]
  ) async throws -> [Result<FatigueVerdict, FatigueError>] {
    let known = reservations.filter { $0.zone.map { zone($0) != nil } ?? true }
    var answers = try await commit(known.map(Input.reserve)).answers.makeIterator()
    var next = 0
    return reservations.map { reservation in
      guard next < known.count, known[next] == reservation, let answer = answers.next() else {
        return .failure(.unknownZone(reservation.zone ?? ""))
      }
      next += 1
      return answer.result(for: reservation)
    }
  }

  /// What `reserve` would say now. Counts nothing, and nothing of it is kept.
  public func check(_ reservations: [Reservation]) async throws -> [Result<FatigueVerdict, FatigueError>] {
    if intake.withLock({ $0.isStopped }) { throw DriverError.stopped }
    let now = now()
    return reservations.map { reservation in
      Result { () throws(FatigueError) in
        var table: Zone?
        if let name = reservation.zone {
          table = zone(name)
          if table == nil { throw FatigueError.unknownZone(name) }
        }
        return try ledger.engine.check(reservation, zone: table, at: now)
      }
    }
  }

  /// Tells how reservations ended. True for each that this changed; not for one settled before, or not remembered.
  public nonisolated func settle(_ settlements: [ReservationSettlement]) async throws -> [Bool] {
    try await submit(settlements.map(Input.settleReservation)).map { $0 == .accepted }
  }
}

// What is asked for and what it is answered are one step of the engine: nothing can come between them.
extension Driver {
  /// Publishes a configuration, or says why not. Returns when it is durable. Throws as `submit` does.
  ///
  /// - Parameter reset: drops the open attempts of replaced rules.
  public nonisolated func publish(
    _ source: ConfigurationSource, reset: Bool = false
  ) async throws -> PublicationAnswer {
    guard case .publication(let answer) = try await explanation(of: .configuration(source, reset: reset)) else {
      throw DriverError.unexplained
    }
    return answer
  }

  /// Begins a campaign, or says why not. Returns when it is durable. Throws as `submit` does.
  public nonisolated func launch(_ document: Node) async throws -> LaunchAnswer {
    guard case .launch(let answer) = try await explanation(of: .campaign(.launch(document))) else {
      throw DriverError.unexplained
    }
    return answer
  }

  /// Pauses, resumes or stops a campaign. Returns when it is durable, with whether the order was taken, and how the
  /// campaign stands now: nil if none of that name was launched. Throws as `submit` does.
  public nonisolated func order(
    _ order: CampaignOrder
  ) async throws -> (isAccepted: Bool, status: CampaignState.Status?) {
    let outcome = try await commit([.campaign(order)])
    guard case .order(let status) = outcome.explanations.first else { throw DriverError.unexplained }
    return (outcome.acknowledgements.first == .accepted, status)
  }

  private nonisolated func explanation(of input: Input) async throws -> Explanation? {
    try await commit([input]).explanations.first
  }
}

extension Input {
  /// The zone it names, if it names one.
  fileprivate var zoneName: String? {
    switch self {
    case .profile(let patch): patch.zoneName
    case .reserve(let reservation): reservation.zone
    default: nil
    }
  }
}

/// Why the driver did not take inputs in.
public enum DriverError: Error, Sendable {
  case overloaded
  case stopped
  /// The engine said nothing of an input that it answers: a fault of ours.
  case unexplained
}
