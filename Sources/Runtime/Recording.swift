public import AttuneModel
public import Reach
public import Store

/// The past as a store tells it: journal and history, read side by side.
public struct Recording: Sendable {
  private let journal: any Journal
  private let history: any History

  public init(_ store: OpenedStore) {
    journal = store.journal
    history = store.history
  }

  /// Every later batch, in order.
  ///
  /// - Throws: `trimmed` where the history does not reach back so far, what the store throws, and whatever `body` does.
  public func batches(after sequence: Int64, _ body: (RecordedBatch) throws -> Void) throws {
    try history.batches(after: sequence) { row in
      try body(RecordedBatch(sequence: row.sequence, journal: try journal.batch(row.sequence), history: row))
    }
  }

  /// Nil where neither journal nor history have it.
  public func batch(_ sequence: Int64) throws(StoreError) -> RecordedBatch? {
    let batch = RecordedBatch(
      sequence: sequence, journal: try journal.batch(sequence), history: try history.batch(sequence))
    return batch.journal == nil && batch.history == nil ? nil : batch
  }
}

/// One batch of the past. A part of it may be trimmed.
///
/// The trace of a reservation is not stored: its input and its answer say all of it, so it can be read for as long as
/// the journal has the batch.
public struct RecordedBatch: Sendable {
  public let sequence: Int64
  let journal: JournalBatch?
  let history: HistoryBatch?

  /// - Throws: `trimmed` where the journal does not have it any more.
  public func inputs() throws(StoreError) -> [Input] {
    guard let journal else {
      throw StoreError(.trimmed, "the inputs of batch \(sequence) are not kept any more")
    }
    return try journal.batch().inputs
  }

  public func tallied() throws(StoreError) -> Tally { try history?.tallied() ?? Tally() }

  /// Every answer that was given: on the engine's candidates, then on reservations.
  public func traced() throws(StoreError) -> [Trace] {
    try (history?.traced() ?? []) + answered().map { $1.trace(of: $0) }
  }

  /// Those on one user. Cheaper than to pick them out of all.
  public func traced(of user: String) throws(StoreError) -> [Trace] {
    try (history?.traced() ?? []).filter { $0.user == user }
      + answered().filter { $0.0.user == user }.map { $1.trace(of: $0) }
  }

  /// Whom `traced` and `settled` are about, some of them several times.
  public func users() throws(StoreError) -> [String] {
    guard let journal else { return try traced().map(\.user) }
    let record = try journal.recorded()
    return try record.decisions.map(\.user) + reservations(record).map(\.user)
      + settled().map(\.settlement.user).filter { !$0.isEmpty }
  }

  /// How messages ended; nothing where the journal does not have the batch any more.
  public func settled() throws(StoreError) -> [JournaledSettlement] {
    let stages: [Tally.Stage] = [.taken, .failed, .unknown, .withdrawn]
    // Most batches have none, and inputs are what takes longest to read.
    guard let journal, try tallied().counts.keys.contains(where: { stages.contains($0.stage) }) else { return [] }
    return try journal.batch().inputs.compactMap { input in
      guard case .settlement(let settlement) = input else { return nil }
      return JournaledSettlement(settlement: settlement, at: journal.clock)
    }
  }

  private func answered() throws(StoreError) -> [(Reservation, ReservationAnswer)] {
    guard let record = try journal?.recorded() else { return [] }
    return Array(zip(try reservations(record), record.answers))
  }

  /// Those that the record answers.
  private func reservations(_ record: BatchRecord) throws(StoreError) -> [Reservation] {
    // Most batches of most stores have none, and inputs are what takes longest to read.
    guard let journal, !record.answers.isEmpty else { return [] }
    let reservations = try journal.batch().reservations
    guard reservations.count == record.answers.count else {
      throw StoreError(
        .damaged, "batch \(sequence) has \(record.answers.count) answers to \(reservations.count) reservations")
    }
    return reservations
  }
}
