import GRDB
import Store

/// Notes are rows of `meta`, beside those that the store makes for itself.
struct SQLiteNotes: StoreNotes {
  let file: SQLiteFile

  func note(_ name: String) throws(StoreError) -> String? {
    try file.reading(to: "read the note \(name)") { try $0.note(name) }
  }

  func setNote(_ name: String, to text: String) throws(StoreError) {
    try file.writing(to: "note \(name)") { try $0.setNote(name, to: text) }
  }
}

extension Database {
  func note(_ name: String) throws -> String? {
    try String.fetchOne(cachedStatement(sql: "SELECT value FROM meta WHERE key = ?"), arguments: [name])
  }

  /// A note that is a number; 0 if there is none.
  func number(_ name: String) throws -> Int64 { try note(name).flatMap { Int64($0) } ?? 0 }

  func setNote(_ name: String, to text: String) throws {
    try cachedStatement(sql: "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").execute(arguments: [name, text])
  }
}
