public import AttuneModel
import Foundation
import GRDB

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

/// Made behind the hot path from the journal alone, so they can lag and be rebuilt.
extension SQLiteStore {
  private static let cursor = "projected"

  /// The newest batch that timelines and funnel know of.
  public func indexedThrough() throws(StoreError) -> Int64 {
    try reading(to: "read the projections") { try Self.cursor(in: $0) }
  }

  /// Adds several batches in one transaction. Those already known are skipped; a gap is `outOfOrder`.
  public func index(_ projections: [Projection]) throws(StoreError) {
    try writing(to: "index batches") { db in
      var through = try Self.cursor(in: db)
      let new = projections.drop { $0.batch <= through }
      for projection in new {
        guard projection.batch == through + 1 else {
          throw StoreError(
            .outOfOrder, "cannot index batch \(projection.batch) in \(path): the last one is \(through)")
        }
        through = projection.batch
      }
      try Self.addUsers(new, in: db)
      try Self.addCounts(new, in: db)
      try Self.setMeta(Self.cursor, "\(through)", in: db)
    }
  }

  /// Batches with traces about the user, in order; now and then one that turns out to have none.
  public func batches(of user: String) throws(StoreError) -> [Int64] {
    let (shelf, tag) = TimelineShelf.place(of: user)
    return try reading(to: "read a timeline") { db in
      let rows = try Row.fetchCursor(
        db.cachedStatement(sql: "SELECT place, entries FROM timeline WHERE place >= ? AND place < ? ORDER BY place"),
        arguments: [Self.place(shelf, 0), Self.place(shelf + 1, 0)])
      var batches: [Int64] = []
      while let row = try rows.next() {
        let first = (row[0] as Int64) & Self.batchMask
        batches += try TimelineShelf.batches(of: tag, in: row.bytes(1), after: first)
      }
      return batches
    }
  }

  /// The sum of everything indexed.
  public func funnel() throws(StoreError) -> Tally {
    try reading(to: "read the funnel") { db in
      var tally = Tally()
      let rows = try Row.fetchCursor(db, sql: "SELECT day, stage, rule, scene, business, detail, count FROM funnel")
      while let row = try rows.next() {
        guard let stage = UInt8(exactly: row[1] as Int64).flatMap(Tally.Stage.init(rawValue:)) else {
          throw StoreError(.damaged, "a row of the funnel in \(path) has no known stage")
        }
        let key = Tally.Key(
          day: row[0], stage: stage, source: .before7(rule: row[2], stage: stage, business: row[4], detail: row[5]),
          scene: row[3], business: row[4], detail: row[5])
        tally.add(key, row[6])
      }
      return tally
    }
  }

  /// What became of messages: the funnel's counts of some stages, by day and material alone.
  public func messages(_ stages: [Tally.Stage]) throws(StoreError) -> Tally {
    try reading(to: "read the funnel by material") { db in
      var tally = Tally()
      let wanted = stages.map { "\($0.rawValue)" }.joined(separator: ", ")
      let rows = try Row.fetchCursor(
        db, sql: "SELECT day, stage, detail, count FROM funnel WHERE stage IN (\(wanted)) AND detail <> ''")
      while let row = try rows.next() {
        guard let stage = UInt8(exactly: row[1] as Int64).flatMap(Tally.Stage.init(rawValue:)) else { continue }
        tally.add(Tally.Key(day: row[0], stage: stage, detail: row[2]), row[3])
      }
      return tally
    }
  }

  /// Empties timelines and funnel, to be indexed again from batch 1.
  public func resetProjections() throws(StoreError) {
    try writing(to: "reset the projections") { db in
      try db.execute(sql: "DELETE FROM timeline; DELETE FROM funnel")
      try Self.setMeta(Self.cursor, "0", in: db)
    }
  }

  private static func cursor(in db: Database) throws -> Int64 { try meta(cursor, in: db).flatMap { Int64($0) } ?? 0 }

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
    let funnel = try db.cachedStatement(
      sql: """
        INSERT INTO funnel (day, stage, rule, scene, business, detail, count) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET count = count + excluded.count
        """)
    for (key, count) in tally.sorted {
      try funnel.execute(arguments: [
        key.day, key.stage.rawValue, key.rule ?? "", key.scene, key.business, key.detail, count,
      ])
    }
  }
}
