import AttuneModel
import GRDB

/// What binds a journal's rows to each other: the chain of a row is made of the one before it and of the row's checksum.
/// Whoever knows the chain at a number knows whether the journal up to there is the one he saw.
///
/// Rows from before format 8 have none: it begins after them, with what the last of them holds.
enum Chain {
  /// Where a journal ends.
  struct Head: Equatable, Sendable {
    var sequence: Int64 = 0
    var chain: Int64 = 0
  }

  /// Under which the number stands after which it begins, and its value there.
  private static let begun = "journal.chain"
  /// Under which its value stands at the last batch that was trimmed.
  private static let trimmed = "journal.trimmed.chain"

  static func next(after chain: Int64, checksum: Int64) -> Int64 {
    Int64(bitPattern: mix64(mix64(UInt64(bitPattern: chain)) ^ UInt64(bitPattern: checksum)))
  }

  static func isThere(_ db: Database) throws -> Bool {
    try db.tableExists("journal") && db.columns(in: "journal").contains { $0.name == "chain" }
  }

  static func begin(in db: Database) throws {
    let last = try SQLiteJournal.newest(in: db)
    let row = try Row.fetchOne(
      db, sql: "SELECT sequence, clock, inputs, decisions FROM journal WHERE sequence = ?", arguments: [last])
    let content = try row.map { try SQLiteJournal.checksum(SQLiteJournal.batch($0)) } ?? 0
    let name = StableHash.of(try db.note(Schema.identity) ?? "").value()
    try db.execute(sql: "ALTER TABLE journal ADD COLUMN chain INTEGER")
    try db.setNote(begun, to: "\(last) \(next(after: Int64(bitPattern: name), checksum: content))")
  }

  /// Whether the journal went by this place, as far as can be told.
  static func passes(_ head: Head, format: UInt8, in db: Database) throws -> Bool {
    guard format == StoreFormat.current else { return true }
    return try value(at: head.sequence, in: db) ?? head.chain == head.chain
  }

  /// Its value at a batch. Nil where that batch is not there, or is from before there was a chain.
  static func value(at sequence: Int64, in db: Database) throws -> Int64? {
    let row = try Int64?.fetchOne(
      db.cachedStatement(sql: "SELECT chain FROM journal WHERE sequence = ?"), arguments: [sequence])
    if case let chain?? = row { return chain }
    if try sequence == db.number(SQLiteJournal.trimmed), let chain = try db.note(trimmed) { return Int64(chain) }
    let begin = try beginning(in: db)
    return sequence == begin.sequence ? begin.chain : nil
  }

  /// The number after which it begins, and its value there.
  static func beginning(in db: Database) throws -> Head {
    let parts = (try db.note(begun) ?? "").split(separator: " ").compactMap { Int64($0) }
    return parts.count == 2 ? Head(sequence: parts[0], chain: parts[1]) : Head()
  }

  /// Why a checkpoint is not this journal's; nil where it is.
  static func refusal(of header: CheckpointHeader, format: UInt8, in db: Database) throws -> String? {
    let last = try SQLiteJournal.newest(in: db)
    if header.sequence > last { return "it is ahead of the journal, which ends with batch \(last)" }
    // The journal begins later: nobody can tell any more, and nobody can use it.
    if try header.sequence < db.number(SQLiteJournal.trimmed) { return nil }
    guard format == StoreFormat.current else { return nil }
    let isOurs =
      try header.chain.map { try value(at: header.sequence, in: db) == $0 }
      ?? (header.sequence <= beginning(in: db).sequence)
    return isOurs ? nil : "it was made of another journal than this one"
  }

  static func head(in db: Database) throws -> Head {
    let newest = try SQLiteJournal.newest(in: db)
    return Head(sequence: newest, chain: try isThere(db) ? value(at: newest, in: db) ?? 0 : 0)
  }

  /// Before the rows up to this one are removed.
  static func keep(_ sequence: Int64, in db: Database) throws {
    if let chain = try value(at: sequence, in: db) { try db.setNote(trimmed, to: "\(chain)") }
  }
}
