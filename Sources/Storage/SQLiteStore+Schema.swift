import GRDB

extension SQLiteStore {
  static let databaseFormat = 3
  /// Under which the store's name stands, made once.
  static let identity = "store"
  static let formatKeys = ["format.database", "format.journal", "format.checkpoint"]

  /// A message lives in `outbox` as one block beside the columns that are searched by. States: 0 queued, 1 claimed,
  /// 2 withheld, 3 settled. Blocks may be NULL: that is how an empty one is bound.
  static let schema = """
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

  static func checkFormats(_ db: Database, _ options: Options, in path: String) throws {
    guard try db.tableExists("meta") else { throw StoreError(.damaged, "\(path) is not a store") }
    let known = [databaseFormat, options.journalFormat, options.checkpointFormat]
    for (key, format) in zip(formatKeys, known) {
      let found = try meta(key, in: db) ?? "none"
      guard found != "\(format)" else { continue }
      throw StoreError(
        .unknownFormat,
        "\(path) has \(key) \(found), this build knows \(format); open it with the version that wrote it")
    }
  }

  static func meta(_ key: String, in db: Database) throws -> String? {
    try String.fetchOne(
      db.cachedStatement(sql: "SELECT value FROM meta WHERE key = ?"), arguments: [key])
  }

  static func setMeta(_ key: String, _ value: String, in db: Database) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)")
      .execute(arguments: [key, value])
  }
}

extension SQLiteStore {
  /// A note kept with the store: what a replay belongs to. Keys that begin with `format.` are the store's own.
  public func meta(_ key: String) throws(StoreError) -> String? {
    try reading(to: "read \(key)") { try Self.meta(key, in: $0) }
  }

  public func setMeta(_ key: String, _ value: String) throws(StoreError) {
    try writing(to: "note \(key)") { try Self.setMeta(key, value, in: $0) }
  }
}
