public import AttuneModel
import Foundation
import GRDB
import Synchronization

extension SQLiteStore: Journal {
  /// Of a store open for reading: as it was at the opening.
  public var lastSequence: Int64 { last.withLock { $0 } }

  public func append(
    _ batch: JournalBatch, queue: [Message], withdraw: [CandidateID], settle: [Settlement]
  ) throws(StoreError) {
    let what = "append batch \(batch.sequence)"
    try writing(to: what) { db in
      let newest = try Self.newestSequence(in: db)
      guard batch.sequence == newest + 1 else {
        let code: StoreError.Code = batch.sequence <= newest ? .duplicate : .outOfOrder
        throw StoreError(code, "cannot \(what) in \(path): the last one is \(newest)")
      }
      try db.cachedStatement(
        sql: "INSERT INTO journal (sequence, clock, inputs, decisions, traces, tally) VALUES (?, ?, ?, ?, ?, ?)"
      ).execute(arguments: [
        batch.sequence, batch.clock.milliseconds, Data(batch.inputs), Data(batch.decisions), Data(batch.traces),
        Data(batch.tally),
      ])
      try enqueue(queue, in: db)
      try recall(withdraw, in: db)
      try self.settle(settle, at: batch.clock, in: db)
    }
    last.withLock { $0 = max($0, batch.sequence) }
  }

  public func batches(after sequence: Int64, _ body: (JournalBatch) throws -> Void) throws {
    var sequence = sequence
    while true {
      let few = try batches(after: sequence, limit: 32)
      if few.isEmpty { return }
      for batch in few {
        guard batch.sequence == sequence + 1 else {
          throw StoreError(.damaged, "batch \(sequence + 1) is missing in \(path)")
        }
        try body(batch)
        sequence = batch.sequence
      }
    }
  }

  /// The batch of that number, if there is one.
  public func batch(_ sequence: Int64) throws(StoreError) -> JournalBatch? {
    guard sequence > 0 else { return nil }
    return try batches(after: sequence - 1, limit: 1).first { $0.sequence == sequence }
  }

  /// The last batch handled before an instant; 0 if there is none. Clocks of a live journal never go back; a replay's
  /// tell nothing, and then it is 0.
  public func sequence(before instant: Instant) throws(StoreError) -> Int64 {
    try reading(to: "find a batch by its clock") { db in
      func clock(_ sequence: Int64) throws -> Int64? {
        try Int64.fetchOne(
          db.cachedStatement(sql: "SELECT clock FROM journal WHERE sequence = ?"), arguments: [sequence])
      }
      var (low, high) = (Int64(0), try Self.newestSequence(in: db))
      guard try clock(high) ?? .min > .min else { return 0 }
      while low < high {
        let middle = (low + high + 1) / 2
        if try clock(middle) ?? .min < instant.milliseconds { low = middle } else { high = middle - 1 }
      }
      return low
    }
  }

  static func newestSequence(in db: Database) throws -> Int64 {
    try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(sequence) FROM journal")) ?? 0
  }

  private func batches(after sequence: Int64, limit: Int) throws(StoreError) -> [JournalBatch] {
    try reading(to: "read the batches after \(sequence)") { db in
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT sequence, clock, inputs, decisions, traces, tally FROM journal
            WHERE sequence > ? ORDER BY sequence LIMIT ?
            """), arguments: [sequence, limit])
      var batches: [JournalBatch] = []
      while let row = try rows.next() {
        batches.append(
          JournalBatch(
            sequence: row[0], clock: Instant(milliseconds: row[1]), inputs: try row.bytes(2),
            decisions: try row.bytes(3), traces: try row.bytes(4), tally: try row.bytes(5)))
      }
      return batches
    }
  }
}

extension SQLiteStore {
  public func saveCheckpoint(_ state: [UInt8], at sequence: Int64) throws(StoreError) {
    guard !isReadOnly else { throw StoreError(.readOnly, "\(path) is open for reading only") }
    try checkpoints().save(state, at: sequence)
  }

  public func latestCheckpoint() throws(StoreError) -> (sequence: Int64, state: [UInt8])? {
    try checkpoints().newest(through: lastSequence)
  }

  private func checkpoints() throws(StoreError) -> CheckpointFiles {
    CheckpointFiles(folder: folder, store: try meta(Self.identity) ?? "")
  }
}

extension Row {
  /// A block; NULL is the empty one.
  func bytes(_ index: Int) throws -> [UInt8] {
    try withUnsafeData(atIndex: index) { $0.map { [UInt8]($0) } ?? [] }
  }
}
