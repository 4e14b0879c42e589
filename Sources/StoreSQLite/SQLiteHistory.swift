import AttuneModel
import Foundation
import GRDB
import Store

struct SQLiteHistory: History {
  let file: SQLiteFile

  /// Under which the newest batch stands that is indexed.
  private static let cursor = "projected"
  /// Under which the last batch stands that was trimmed.
  private static let trimmed = "history.trimmed"

  func firstSequence() throws(StoreError) -> Int64 {
    try file.reading(to: "read the history") { try $0.number(Self.trimmed) + 1 }
  }

  func batch(_ sequence: Int64) throws(StoreError) -> HistoryBatch? {
    guard sequence > 0, sequence >= (try firstSequence()) else { return nil }
    return try batches(after: sequence - 1, limit: 1).first { $0.sequence == sequence }
  }

  func batches(after sequence: Int64, _ body: (HistoryBatch) throws -> Void) throws {
    var sequence = sequence
    while case let few = try batches(after: sequence, limit: 32), !few.isEmpty {
      for batch in few {
        guard batch.sequence == sequence + 1 else {
          throw StoreError(.damaged, "batch \(sequence + 1) is missing in the history of \(file.path)")
        }
        try body(batch)
        sequence = batch.sequence
      }
    }
  }

  private func batches(after sequence: Int64, limit: Int) throws(StoreError) -> [HistoryBatch] {
    try file.reading(to: "read the history after \(sequence)") { db in
      let trimmed = try db.number(Self.trimmed)
      guard sequence >= trimmed else {
        throw StoreError(
          .trimmed, "the history of \(file.path) begins with batch \(trimmed + 1): those before are not kept any more")
      }
      // Before 7 it was in the journal's rows.
      let source = file.format >= 7 ? "checksum FROM history" : "NULL FROM journal"
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: "SELECT sequence, traces, tally, \(source) WHERE sequence > ? ORDER BY sequence LIMIT ?"),
        arguments: [sequence, limit])
      var batches: [HistoryBatch] = []
      while let row = try rows.next() {
        let batch = HistoryBatch(sequence: try row.value(0), traces: try row.bytes(1), tally: try row.bytes(2))
        guard try row.value(3) ?? Self.checksum(batch) == Self.checksum(batch) else {
          throw StoreError(
            .damaged, "batch \(batch.sequence) in the history of \(file.path) is damaged: it is not what was written")
        }
        batches.append(batch)
      }
      return batches
    }
  }

  /// Part of the journal's append.
  static func add(_ batch: HistoryBatch, in db: Database) throws {
    try db.cachedStatement(sql: "INSERT INTO history (sequence, traces, tally, checksum) VALUES (?, ?, ?, ?)")
      .execute(arguments: [batch.sequence, Data(batch.traces), Data(batch.tally), checksum(batch)])
  }

  private static func checksum(_ batch: HistoryBatch) -> Int64 {
    StoreSQLite.checksum([batch.sequence], batch.traces, batch.tally)
  }
}

/// Timelines and funnel: made behind the hot path, so they can lag.
extension SQLiteHistory {

  func indexedThrough() throws(StoreError) -> Int64 {
    try file.reading(to: "read the projections") { try $0.number(Self.cursor) }
  }

  func index(_ projections: [Projection]) throws(StoreError) {
    try file.writing(to: "index batches") { db in
      var through = try db.number(Self.cursor)
      let new = projections.drop { $0.batch <= through }
      for projection in new {
        guard projection.batch == through + 1 else {
          throw StoreError(
            .outOfOrder, "cannot index batch \(projection.batch) in \(file.path): the last one is \(through)")
        }
        through = projection.batch
      }
      try Self.addUsers(new, in: db)
      try Self.addCounts(new, in: db)
      try db.setNote(Self.cursor, to: "\(through)")
    }
  }

  func batches(of user: String) throws(StoreError) -> [Int64] {
    let (shelf, tag) = TimelineShelf.place(of: user)
    return try file.reading(to: "read a timeline") { db in
      let trimmed = try db.number(Self.trimmed)
      let rows = try Row.fetchCursor(
        db.cachedStatement(sql: "SELECT place, entries FROM timeline WHERE place >= ? AND place < ? ORDER BY place"),
        arguments: [Self.place(shelf, 0), Self.place(shelf + 1, 0)])
      var batches: [Int64] = []
      while let row = try rows.next() {
        let first = (try row.value(0) as Int64) & Self.batchMask
        batches += try TimelineShelf.batches(of: tag, in: row.bytes(1), after: first).filter { $0 > trimmed }
      }
      return batches
    }
  }

  func trim(through sequence: Int64) throws(StoreError) {
    try file.writing(to: "trim the history through batch \(sequence)") { db in
      let through = try db.number(Self.cursor)
      guard sequence <= through else {
        throw StoreError(
          .stillNeeded,
          "cannot trim the history of \(file.path) through batch \(sequence): timelines and funnel know of \(through)")
      }
      guard try sequence > db.number(Self.trimmed) else { return }
      try db.execute(sql: "DELETE FROM history WHERE sequence <= ?", arguments: [sequence])
      try Self.removeTimelines(through: sequence, in: db)
      try db.setNote(Self.trimmed, to: "\(sequence)")
    }
  }

  /// A block of a shelf goes when the next one begins at or before the first batch that stays.
  private static func removeTimelines(through sequence: Int64, in db: Database) throws {
    for shelf in 0..<TimelineShelf.count {
      try db.cachedStatement(
        sql: """
          DELETE FROM timeline WHERE place >= ?1 AND place < (SELECT max(place) FROM timeline WHERE place BETWEEN ?1 AND ?2)
          """
      ).execute(arguments: [place(shelf, 0), place(shelf, sequence + 1)])
    }
  }

  private static let batchMask: Int64 = 1 << 48 - 1

  /// Blocks of one shelf lie together, in the order of their batches.
  private static func place(_ shelf: UInt64, _ batch: Int64) -> Int64 { Int64(shelf) << 48 | batch & batchMask }

  private static func addUsers(_ projections: ArraySlice<Projection>, in db: Database) throws {
    guard let first = projections.first?.batch else { return }
    let insert = try db.cachedStatement(sql: "INSERT INTO timeline (place, entries) VALUES (?, ?)")
    for (shelf, block) in TimelineShelf.blocks(projections.map { ($0.batch, $0.users) }) {
      try insert.execute(arguments: [place(shelf, first), Data(block)])
    }
  }

  private static func addCounts(_ projections: ArraySlice<Projection>, in db: Database) throws {
    var tally = Tally()
    for projection in projections { tally.merge(projection.tally) }
    for (key, count) in tally.sorted { try Self.count(key, count, in: db) }
  }
}
