public import AttuneModel
import GRDB
public import Materials

/// The library of copies: rows of its own, not journaled, as nothing is decided by them. What decides takes copies out
/// and brings them along.
extension SQLiteStore {
  /// What saving did.
  public struct CopyChanges: Hashable, Sendable {
    public var added = 0
    public var changed = 0
    /// Those that were there already, word for word.
    public var unchanged = 0

    public init(added: Int = 0, changed: Int = 0, unchanged: Int = 0) {
      self.added = added
      self.changed = changed
      self.unchanged = unchanged
    }
  }

  /// Adds copies, or puts them in the place of those with their ids: all of them or, when it throws, none. What was
  /// brought along and the instant of making stay, unless they are given anew.
  public func saveCopies(_ copies: [LibraryCopy], at now: Instant) throws(StoreError) -> CopyChanges {
    try writing(to: "save copies") { db in
      var changes = CopyChanges()
      for copy in copies {
        let place = try Int64.fetchOne(
          db.cachedStatement(sql: "SELECT number FROM copy WHERE id = ?"), arguments: [copy.id])
        let old = try place.flatMap { try self.copies(in: db, where: "number = \($0)").first }
        let new = copy.replacing(old, at: now)
        if new == old { changes.unchanged += 1 } else { try Self.write(new, over: place, in: db) }
        if old == nil { changes.added += 1 } else if new != old { changes.changed += 1 }
      }
      let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM copy") ?? 0
      guard count <= CopyLibrary.limit else {
        throw StoreError(
          .tooMany, "the library in \(path) would have \(count) copies, it takes at most \(CopyLibrary.limit)")
      }
      return changes
    }
  }

  /// Removes those that are there, all at once, and returns how many they were. What they did here stays in the journal,
  /// and is theirs again under the same ids; what was brought along goes with them.
  public func removeCopies(_ ids: [String]) throws(StoreError) -> Int {
    try writing(to: "remove copies") { db in
      var count = 0
      for id in ids {
        let number = try Int64.fetchOne(
          db.cachedStatement(sql: "DELETE FROM copy WHERE id = ? RETURNING number"), arguments: [id])
        guard let number else { continue }
        try db.execute(sql: "DELETE FROM copy_terms WHERE rowid = ?", arguments: [number])
        count += 1
      }
      return count
    }
  }

  /// All of them, in the order of their ids.
  public func copies() throws(StoreError) -> [LibraryCopy] {
    try reading(to: "read the library") { db in
      // A store that was never opened for writing since there is a library has none.
      try db.tableExists("copy") ? try copies(in: db, where: "true") : []
    }
  }

  /// Ids of copies that have every word, the best match first: a rare word says more than a common one, one in the title
  /// more than one in the body. A query without any word finds nothing.
  public func searchCopies(_ query: SearchTerms, limit: Int) throws(StoreError) -> [String] {
    let expression = query.wanted.prefix(Self.wordLimit).map(\.expression).joined(separator: " AND ")
    if expression.isEmpty { return [] }
    return try reading(to: "search the library") { db in
      guard try db.tableExists("copy") else { return [] }
      return try String.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT copy.id FROM copy_terms JOIN copy ON copy.number = copy_terms.rowid WHERE copy_terms MATCH ?
            ORDER BY bm25(copy_terms, 4, 1, 2), copy.id LIMIT ?
            """), arguments: [expression, limit])
    }
  }

  /// Words of a query that are looked at.
  private static let wordLimit = 32

  /// `copy_terms` holds terms, not texts: `SearchTerms` has taken them apart, also where no space does.
  private static let librarySchema = """
    CREATE TABLE IF NOT EXISTS copy (
      number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, body TEXT NOT NULL,
      tags TEXT NOT NULL, scene TEXT, language TEXT, created INTEGER,
      sends INTEGER, deliveries INTEGER, clicks INTEGER, conversions INTEGER, opt_outs INTEGER, last_used INTEGER);

    CREATE VIRTUAL TABLE IF NOT EXISTS copy_terms USING fts5 (
      title, body, other, tokenize = "unicode61 remove_diacritics 2");
    """

  /// Also in a store made before there was a library, or one without conversions.
  static func prepareLibrary(_ db: Database) throws {
    try db.execute(sql: librarySchema)
    guard try !db.columns(in: "copy").contains(where: { $0.name == "conversions" }) else { return }
    try db.execute(sql: "ALTER TABLE copy ADD COLUMN conversions INTEGER")
  }

  private static func write(_ copy: LibraryCopy, over place: Int64?, in db: Database) throws {
    let past = copy.past
    try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO copy (number, id, title, body, tags, scene, language, created,
          sends, deliveries, clicks, conversions, opt_outs, last_used)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      place, copy.id, copy.title, copy.body, copy.tags.joined(separator: ";"), copy.scene, copy.language,
      copy.created?.milliseconds, past?.counts.sends, past?.counts.deliveries, past?.counts.clicks,
      past?.counts.conversions, past?.counts.optOuts, past?.lastUsed?.milliseconds,
    ])
    let other = ([copy.id] + copy.tags + [copy.scene, copy.language].compactMap(\.self)).joined(separator: " ")
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO copy_terms (rowid, title, body, other) VALUES (?, ?, ?, ?)")
      .execute(arguments: [
        place ?? db.lastInsertedRowID, Self.terms(copy.title), Self.terms(copy.body), Self.terms(other),
      ])
  }

  private static func terms(_ text: String) -> String { SearchTerms(text).indexed.joined(separator: " ") }

  private func copies(in db: Database, where condition: String) throws -> [LibraryCopy] {
    // By their names: a store that is only read may lack the newest.
    let rows = try Row.fetchCursor(db, sql: "SELECT * FROM copy WHERE \(condition) ORDER BY id")
    var copies: [LibraryCopy] = []
    while let row = try rows.next() { copies.append(try copy(row)) }
    return copies
  }

  private func copy(_ row: Row) throws -> LibraryCopy {
    func instant(_ name: String) -> Instant? { (row[name] as Int64?).map(Instant.init(milliseconds:)) }
    let past = (row["sends"] as Int?).map { sends in
      LibraryCopy.Past(
        counts: CopyCounts(
          sends: sends, deliveries: row["deliveries"] ?? 0, clicks: row["clicks"] ?? 0,
          conversions: row["conversions"] ?? 0, optOuts: row["opt_outs"] ?? 0), lastUsed: instant("last_used"))
    }
    do throws(CopyError) {
      return try LibraryCopy(
        id: row["id"], title: row["title"], body: row["body"],
        tags: (row["tags"] as String).split(separator: ";").map(String.init), scene: row["scene"],
        language: row["language"], created: instant("created"), past: past)
    } catch {
      throw StoreError(.damaged, "a copy in \(path) cannot be read: \(error)")
    }
  }
}

extension SearchTerms.Wanted {
  /// In FTS5's language. Terms have no quotes, and in quotes nothing is an operator.
  fileprivate var expression: String {
    terms.map { "\"\($0)\"" }.joined(separator: " + ") + (isBeginning ? " *" : "")
  }
}
