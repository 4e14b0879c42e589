import AttuneModel
import Foundation
import GRDB
import Store

/// The tables, and how those of one format become those of the next.
///
/// A format is a step of its own, named by its number. Steps before `StoreFormat.oldest` are gone; the first one
/// makes a new store in that form, so that every store has gone the same way.
enum Schema {
  /// Under which the format stands.
  private static let format = "format"
  /// Under which the store's name stands, made once.
  static let identity = "store"

  /// Where `format` stood until 6, which the database called 3.
  private static let oldFormats = ["format.database", "format.journal", "format.checkpoint"]

  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("6") { db in
      try library(db)
      guard try !isThere(db) else { return }
      try db.execute(sql: tables)
      try db.setNote(identity, to: UUID().uuidString)
    }
    migrator.registerMigration("7") { db in
      try db.execute(sql: separateHistory)
      try tellSources(db)
      try db.execute(sql: "ALTER TABLE outbox ADD COLUMN format INTEGER NOT NULL DEFAULT 6")
      try separateLanes(db)
      for name in oldFormats { try db.execute(sql: "DELETE FROM meta WHERE key = ?", arguments: [name]) }
      try db.setNote(format, to: "7")
    }
    migrator.registerMigration("8") { db in
      try Chain.begin(in: db)
      try db.setNote(format, to: "8")
    }
    return migrator
  }()

  static func isThere(_ db: Database) throws -> Bool { try db.tableExists("meta") }

  /// - Throws: `otherVersion` where this build does not read it, `damaged` where it is not a store.
  static func format(of pool: some DatabaseReader, in path: String) throws -> UInt8 {
    let (noted, old, tables) = try pool.read { db in
      guard try isThere(db) else { throw StoreError(.damaged, "\(path) is not a store") }
      let tables: UInt8 = try Chain.isThere(db) ? 8 : db.tableExists("history") ? 7 : 6
      return (try db.note(format), try db.note(oldFormats[0]), tables)
    }
    guard let text = noted ?? old else {
      throw StoreError(.damaged, "\(path) is damaged: it does not say which format it has")
    }
    guard let number = Int(text), number > 0 else {
      throw StoreError(.damaged, "\(path) is damaged: it says that it has the format '\(text)'")
    }
    if noted == nil, number == 3 { return 6 }
    let known = try StoreFormat.check(number, in: path)
    guard tables == known else {
      throw StoreError(.damaged, "\(path) is damaged: it says that it has format \(known), and its tables have another")
    }
    return known
  }

  /// A message lives in `outbox` as one block beside the columns that are searched by. States: 0 queued, 1 claimed,
  /// 2 withheld, 3 settled. Blocks may be NULL: that is how an empty one is bound.
  private static let tables = """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

    CREATE TABLE journal (
      sequence INTEGER PRIMARY KEY, clock INTEGER NOT NULL, inputs BLOB, decisions BLOB, traces BLOB, tally BLOB);

    CREATE TABLE outbox (
      position INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, state INTEGER NOT NULL DEFAULT 0,
      at INTEGER NOT NULL, due INTEGER NOT NULL, expires INTEGER,
      attempts INTEGER NOT NULL DEFAULT 0, doubtful INTEGER NOT NULL DEFAULT 0,
      outcome INTEGER, settled INTEGER, message BLOB NOT NULL);
    CREATE INDEX outbox_queued ON outbox (due, position, attempts, expires) WHERE state = 0;
    CREATE INDEX outbox_expiring ON outbox (expires) WHERE state = 0 AND expires IS NOT NULL;
    CREATE INDEX outbox_taken ON outbox (state, position) WHERE state IN (1, 2);
    CREATE INDEX outbox_settled ON outbox (settled) WHERE state = 3;

    CREATE TABLE timeline (place INTEGER PRIMARY KEY, entries BLOB NOT NULL);

    CREATE TABLE funnel (
      day INTEGER NOT NULL, stage INTEGER NOT NULL, rule TEXT NOT NULL, scene TEXT NOT NULL, business TEXT NOT NULL,
      detail TEXT NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (day, stage, rule, scene, business, detail)) WITHOUT ROWID;
    """

  /// `copy_terms` holds terms, not texts: `SearchTerms` has taken them apart, also where no space does. Also in a store made
  /// before there was a library, or one without conversions.
  private static func library(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE IF NOT EXISTS copy (
          number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, body TEXT NOT NULL,
          tags TEXT NOT NULL, scene TEXT, language TEXT, created INTEGER,
          sends INTEGER, deliveries INTEGER, clicks INTEGER, conversions INTEGER, opt_outs INTEGER, last_used INTEGER);

        CREATE VIRTUAL TABLE IF NOT EXISTS copy_terms USING fts5 (
          title, body, other, tokenize = "unicode61 remove_diacritics 2");
        """)
    guard try !db.columns(in: "copy").contains(where: { $0.name == "conversions" }) else { return }
    try db.execute(sql: "ALTER TABLE copy ADD COLUMN conversions INTEGER")
  }

  /// What stands for an expiry where there is none.
  static let lastOfAll = "coalesce(expires, \(Int64.max))"

  /// Messages are claimed by channel and class. Those of before say their channel in their bytes alone, and were all of
  /// one class.
  private static func separateLanes(_ db: Database) throws {
    try db.execute(
      sql: """
        ALTER TABLE outbox ADD COLUMN channel TEXT NOT NULL DEFAULT '';
        ALTER TABLE outbox ADD COLUMN class INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE outbox ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
        DROP INDEX outbox_queued;
        """)
    let name = try db.makeStatement(sql: "UPDATE outbox SET channel = ? WHERE position = ?")
    let rows = try Row.fetchCursor(db, sql: "SELECT position, message FROM outbox WHERE state <> 3 ORDER BY position")
    while let row = try rows.next() {
      // One that cannot be read keeps no channel, and is named when somebody claims it.
      guard let message = try? Message(decoding: row.bytes(1), format: 6) else { continue }
      try name.execute(arguments: [message.channel, row.value(0) as Int64])
    }
    try db.execute(
      sql: """
        CREATE INDEX outbox_queued
          ON outbox (channel, class, priority DESC, \(lastOfAll), due, position, attempts, expires) WHERE state = 0
        """)
  }

  /// The funnel counts apart what rules, campaigns and other teams propose; an empty rule stood for all but rules.
  private static func tellSources(_ db: Database) throws {
    try db.execute(
      sql: """
        ALTER TABLE funnel RENAME TO funnel_before;
        CREATE TABLE funnel (
          day INTEGER NOT NULL, stage INTEGER NOT NULL, source INTEGER NOT NULL, rule TEXT NOT NULL,
          scene TEXT NOT NULL, business TEXT NOT NULL, detail TEXT NOT NULL, count INTEGER NOT NULL,
          PRIMARY KEY (day, stage, source, rule, scene, business, detail)) WITHOUT ROWID;
        """)
    let rows = try Row.fetchCursor(
      db, sql: "SELECT day, stage, 0, rule, scene, business, detail, count FROM funnel_before")
    while let row = try rows.next() {
      try SQLiteHistory.count(SQLiteHistory.key(row, of: 6), row.value(7), in: db)
    }
    try db.execute(sql: "DROP TABLE funnel_before")
  }

  /// What recovery needs and what people read have two lifetimes. Rows from before have no checksum.
  private static let separateHistory = """
    ALTER TABLE journal RENAME TO journal_before;
    CREATE TABLE journal (
      sequence INTEGER PRIMARY KEY, clock INTEGER NOT NULL, inputs BLOB, decisions BLOB, checksum INTEGER);
    CREATE TABLE history (sequence INTEGER PRIMARY KEY, traces BLOB, tally BLOB, checksum INTEGER);
    INSERT INTO journal SELECT sequence, clock, inputs, decisions, NULL FROM journal_before ORDER BY sequence;
    INSERT INTO history SELECT sequence, traces, tally, NULL FROM journal_before ORDER BY sequence;
    DROP TABLE journal_before;
    """
}
