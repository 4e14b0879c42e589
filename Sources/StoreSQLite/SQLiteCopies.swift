import AttuneModel
import GRDB
import Materials
import Store

struct SQLiteCopies: CopyStore {
  let file: SQLiteFile

  func saveCopies(_ copies: [LibraryCopy], at now: Instant) throws(StoreError) -> CopyChanges {
    try file.writing(to: "save copies") { db in
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
          .tooMany, "the library in \(file.path) would have \(count) copies, it takes at most \(CopyLibrary.limit)")
      }
      return changes
    }
  }

  func removeCopies(_ ids: [String]) throws(StoreError) -> Int {
    try file.writing(to: "remove copies") { db in
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

  func copies() throws(StoreError) -> [LibraryCopy] {
    try file.reading(to: "read the library") { db in
      try hasLibrary(db) ? try copies(in: db, where: "true") : []
    }
  }

  func searchCopies(_ query: SearchTerms, limit: Int) throws(StoreError) -> [String] {
    let expression = query.wanted.prefix(Self.wordLimit).map(\.expression).joined(separator: " AND ")
    if expression.isEmpty { return [] }
    return try file.reading(to: "search the library") { db in
      guard try hasLibrary(db) else { return [] }
      return try String.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT copy.id FROM copy_terms JOIN copy ON copy.number = copy_terms.rowid WHERE copy_terms MATCH ?
            ORDER BY bm25(copy_terms, 4, 1, 2), copy.id LIMIT ?
            """), arguments: [expression, limit])
    }
  }

  /// A store of the format before, that was never opened for writing since there is a library, has none.
  private func hasLibrary(_ db: Database) throws -> Bool {
    try file.format >= 7 || db.tableExists("copy")
  }

  /// Words of a query that are looked at.
  private static let wordLimit = 32

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
    func instant(_ name: String) throws -> Instant? { (try row.value(name) as Int64?).map(Instant.init(milliseconds:)) }
    // A store that is only read may lack it.
    let conversions: Int? = row.hasColumn("conversions") ? try row.value("conversions") : nil
    let past = try (row.value("sends") as Int?).map { sends in
      LibraryCopy.Past(
        counts: CopyCounts(
          sends: sends, deliveries: try row.value("deliveries") ?? 0, clicks: try row.value("clicks") ?? 0,
          conversions: conversions ?? 0, optOuts: try row.value("opt_outs") ?? 0), lastUsed: try instant("last_used"))
    }
    do {
      return try LibraryCopy(
        id: row.value("id"), title: row.value("title"), body: row.value("body"),
        tags: (row.value("tags") as String).split(separator: ";").map(String.init), scene: row.value("scene"),
        language: row.value("language"), created: instant("created"), past: past)
    } catch let error as CopyError {
      throw StoreError(.damaged, "a copy in \(file.path) is damaged: \(error)")
    }
  }
}

extension SearchTerms.Wanted {
  /// In FTS5's language. Terms have no quotes, and in quotes nothing is an operator.
  fileprivate var expression: String {
    terms.map { "\"\($0)\"" }.joined(separator: " + ") + (isBeginning ? " *" : "")
  }
}
