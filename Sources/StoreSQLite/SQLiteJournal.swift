import AttuneModel
import Foundation
import GRDB
import Store
import Synchronization

struct SQLiteJournal: Journal {
  let file: SQLiteFile

  /// Under which the last batch stands that was trimmed.
  static let trimmed = "journal.trimmed"

  var lastSequence: Int64 { file.head.sequence }

  func firstSequence() throws(StoreError) -> Int64 {
    try file.reading(to: "read the journal") { try $0.number(Self.trimmed) + 1 }
  }

  func append(_ commit: Commit) throws(StoreError) {
    let batch = commit.batch
    let what = "append batch \(batch.sequence)"
    _ = try file.writing(to: what, end: { $0 }) { db in
      let newest = try Self.newest(in: db)
      guard batch.sequence == newest + 1 else {
        let code: StoreError.Code = batch.sequence <= newest ? .duplicate : .outOfOrder
        throw StoreError(code, "cannot \(what) in \(file.path): the last one is \(newest)")
      }
      let known = file.head
      let before = try known.sequence == newest ? known.chain : Chain.value(at: newest, in: db) ?? 0
      let checksum = Self.checksum(batch)
      let head = Chain.Head(sequence: batch.sequence, chain: Chain.next(after: before, checksum: checksum))
      try db.cachedStatement(
        sql: "INSERT INTO journal (sequence, clock, inputs, decisions, checksum, chain) VALUES (?, ?, ?, ?, ?, ?)"
      ).execute(arguments: [
        batch.sequence, batch.clock.milliseconds, Data(batch.inputs), Data(batch.decisions), checksum, head.chain,
      ])
      try SQLiteHistory.add(commit.history, in: db)
      let outbox = SQLiteOutbox(file: file)
      try outbox.enqueue(commit.queue, in: db)
      try outbox.recall(commit.withdraw, in: db)
      try outbox.settle(commit.settle, at: batch.clock, in: db)
      return head
    }
  }

  func batches(after sequence: Int64, _ body: (JournalBatch) throws -> Void) throws {
    var sequence = sequence
    while case let few = try batches(after: sequence, limit: 32), !few.isEmpty {
      for batch in few {
        guard batch.sequence == sequence + 1 else {
          throw StoreError(.damaged, "batch \(sequence + 1) is missing in the journal of \(file.path)")
        }
        try body(batch)
        sequence = batch.sequence
      }
    }
  }

  func batch(_ sequence: Int64) throws(StoreError) -> JournalBatch? {
    guard sequence > 0, sequence >= (try firstSequence()) else { return nil }
    return try batches(after: sequence - 1, limit: 1).first { $0.sequence == sequence }
  }

  func sequence(before instant: Instant) throws(StoreError) -> Int64 {
    try file.reading(to: "find a batch by its clock") { db in
      func clock(_ sequence: Int64) throws -> Int64? {
        try Int64.fetchOne(
          db.cachedStatement(sql: "SELECT clock FROM journal WHERE sequence = ?"), arguments: [sequence])
      }
      var (low, high) = (try db.number(Self.trimmed), try Self.newest(in: db))
      guard try clock(high) ?? .min > .min else { return low }
      while low < high {
        let middle = (low + high + 1) / 2
        if try clock(middle) ?? .min < instant.milliseconds { low = middle } else { high = middle - 1 }
      }
      return low
    }
  }

  static func newest(in db: Database) throws -> Int64 {
    if let newest = try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(sequence) FROM journal")) { return newest }
    return try db.number(trimmed)
  }

  private func batches(after sequence: Int64, limit: Int) throws(StoreError) -> [JournalBatch] {
    try file.reading(to: "read the batches after \(sequence)") { db in
      let trimmed = try db.number(Self.trimmed)
      guard sequence >= trimmed else {
        throw StoreError(
          .trimmed, "the journal of \(file.path) begins with batch \(trimmed + 1): those before are not kept any more")
      }
      let format = file.format
      let sums = format == 8 ? "checksum, chain" : format == 7 ? "checksum, NULL" : "NULL, NULL"
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT sequence, clock, inputs, decisions, \(sums) FROM journal
            WHERE sequence > ? ORDER BY sequence LIMIT ?
            """), arguments: [sequence, limit])
      var batches: [JournalBatch] = []
      var chain = format == StoreFormat.current ? try Chain.value(at: sequence, in: db) : nil
      while let row = try rows.next() {
        let batch = try Self.batch(row)
        let checksum = Self.checksum(batch)
        guard try row.value(4) ?? checksum == checksum else {
          throw StoreError(
            .damaged, "batch \(batch.sequence) in the journal of \(file.path) is damaged: it is not what was written")
        }
        let next: Int64? = try row.value(5)
        if let chain, let next, batch.sequence == sequence + Int64(batches.count) + 1,
          next != Chain.next(after: chain, checksum: checksum)
        {
          throw StoreError(
            .damaged,
            "the journal of \(file.path) is damaged: batch \(batch.sequence) does not follow the one before it")
        }
        if format == StoreFormat.current { chain = try next ?? Chain.value(at: batch.sequence, in: db) }
        batches.append(batch)
      }
      return batches
    }
  }

  /// - Parameter row: sequence, clock, inputs, decisions.
  static func batch(_ row: Row) throws -> JournalBatch {
    JournalBatch(
      sequence: try row.value(0), clock: Instant(milliseconds: try row.value(1)), inputs: try row.bytes(2),
      decisions: try row.bytes(3))
  }

  static func checksum(_ batch: JournalBatch) -> Int64 {
    StoreSQLite.checksum([batch.sequence, batch.clock.milliseconds], batch.inputs, batch.decisions)
  }
}

extension SQLiteJournal {
  func saveCheckpoint(_ state: [UInt8], at sequence: Int64) throws(StoreError) {
    guard !file.isReadOnly else { throw StoreError(.readOnly, "\(file.path) is open for reading only") }
    try file.bringUpToDate()
    let last = lastSequence
    guard sequence <= last else {
      throw StoreError(
        .outOfOrder, "cannot save a checkpoint of batch \(sequence) of \(file.path): the last one is \(last)")
    }
    let chain = try file.reading(to: "save a checkpoint") { try Chain.value(at: sequence, in: $0) }
    try checkpoints.save(state, at: sequence, chain: chain)
    file.mark(waits: true)
  }

  func latestCheckpoint() throws(StoreError) -> (sequence: Int64, state: [UInt8])? {
    let format = file.format
    let (found, refused) = try file.reading(to: "find a checkpoint") { db in
      try checkpoints.newest { try Chain.refusal(of: $0, format: format, in: db) }
    }
    if !file.isReadOnly { for (sequence, why) in refused { file.find(checkpoints.setAside(sequence, why)) } }
    return found
  }

  func trim(through sequence: Int64) throws(StoreError) {
    let checkpoint = try latestCheckpoint()?.sequence ?? 0
    guard sequence <= checkpoint else {
      throw StoreError(
        .stillNeeded,
        "cannot trim the journal of \(file.path) through batch \(sequence): the newest sound checkpoint "
          + "has number \(checkpoint)")
    }
    try file.writing(to: "trim the journal through batch \(sequence)") { db in
      guard try sequence > db.number(Self.trimmed) else { return }
      try Chain.keep(sequence, in: db)
      try db.execute(sql: "DELETE FROM journal WHERE sequence <= ?", arguments: [sequence])
      try db.setNote(Self.trimmed, to: "\(sequence)")
    }
  }

  private var checkpoints: CheckpointFiles { CheckpointFiles(folder: file.folder, store: file.name) }
}

extension Row {
  /// A column.
  ///
  /// - Throws: where it is not of its type, which is damage. GRDB's subscript would end the process.
  func value<T: DatabaseValueConvertible & StatementColumnConvertible>(_ index: Int) throws -> T {
    try decode(atIndex: index)
  }

  /// - Throws: as above.
  func value<T: DatabaseValueConvertible & StatementColumnConvertible>(_ name: String) throws -> T {
    try decode(forColumn: name)
  }

  /// A block; NULL is the empty one.
  func bytes(_ index: Int) throws -> [UInt8] {
    try withUnsafeData(atIndex: index) { $0.map { [UInt8]($0) } ?? [] }
  }
}
