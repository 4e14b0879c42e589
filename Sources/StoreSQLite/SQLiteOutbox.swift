import AttuneModel
import Foundation
import GRDB
import Store

/// Rows go queued -> claimed -> settled, or queued -> withheld -> settled; a retry brings a claimed one back. A batch of
/// the journal may withhold them, too: what it retracts.
struct SQLiteOutbox: Outbox {
  let file: SQLiteFile

  func claim(
    channel: String, class: Message.Class, limit: Int, now: Instant
  ) throws(StoreError) -> [Claim] {
    // A first try is due whatever the clock says: only a retry waits.
    try take(
      to: .claimed, "claim messages",
      """
      state = 0 AND channel = ?3 AND class = ?4 AND (attempts = 0 OR due <= ?1) AND (expires IS NULL OR expires > ?1)
      ORDER BY priority DESC, \(Schema.lastOfAll), due, position LIMIT ?2
      """, [now.milliseconds, limit, channel, `class`.rawValue])
  }

  func channels() throws(StoreError) -> [String] {
    // Before 7 nothing said it: nobody claims from such a store before it is brought up to date.
    guard file.format >= 7 else { return [] }
    // From one to the next in the index, past all the messages between them.
    return try file.reading(to: "list the channels in the outbox") { db in
      try String.fetchAll(
        db,
        sql: """
          WITH RECURSIVE found (name) AS (
            SELECT min(channel) FROM outbox WHERE state = 0
            UNION ALL
            SELECT (SELECT min(channel) FROM outbox WHERE state = 0 AND channel > name) FROM found WHERE name NOT NULL)
          SELECT name FROM found WHERE name NOT NULL
          """)
    }
  }

  func expired(limit: Int, now: Instant) throws(StoreError) -> [Claim] {
    try take(
      to: .withheld, "withhold expired messages",
      "state = 0 AND expires IS NOT NULL AND expires <= ?1 ORDER BY expires, position LIMIT ?2",
      [now.milliseconds, limit])
  }

  func withdraw(_ ids: [CandidateID]) throws(StoreError) -> [CandidateID] {
    try file.writing(to: "withdraw messages") { db in
      let update = try db.cachedStatement(sql: "UPDATE outbox SET state = 2 WHERE id = ? AND state = 0")
      var withdrawn: [CandidateID] = []
      for id in ids {
        try update.execute(arguments: [id.key])
        if db.changesCount > 0 { withdrawn.append(id) }
      }
      return withdrawn
    }
  }

  func claimed() throws(StoreError) -> [Claim] { try list(.claimed) }

  func withheld() throws(StoreError) -> [Claim] { try list(.withheld) }

  func requeue(_ retries: [Retry]) throws(StoreError) {
    try file.writing(to: "requeue messages") { db in
      let again = try db.cachedStatement(
        sql: """
          UPDATE outbox SET state = 0, due = ?, attempts = attempts + 1, doubtful = doubtful OR ?
          WHERE id = ? AND state = 1
          """)
      let back = try db.cachedStatement(
        sql: "UPDATE outbox SET state = 0, doubtful = doubtful OR ? WHERE id = ? AND state = 1")
      for retry in retries {
        if retry.isAttempt {
          try again.execute(arguments: [retry.notBefore.milliseconds, retry.doubtful, retry.message.key])
        } else {
          try back.execute(arguments: [retry.doubtful, retry.message.key])
        }
      }
    }
  }

  func purgeSettled(before instant: Instant) throws(StoreError) -> Int {
    try file.writing(to: "purge settled messages") { db in
      try db.execute(sql: "DELETE FROM outbox WHERE state = 3 AND settled < ?", arguments: [instant.milliseconds])
      return db.changesCount
    }
  }

  func counts() throws(StoreError) -> OutboxCounts {
    try file.reading(to: "count the outbox") { db in
      var counts = OutboxCounts()
      let rows = try Row.fetchCursor(
        db, sql: "SELECT state, outcome, count(*), min(at) FROM outbox GROUP BY state, outcome")
      while let row = try rows.next() {
        switch OutboxState(rawValue: try row.value(0)) {
        case .queued:
          counts.queued = try row.value(2)
          counts.oldestQueued = (try row.value(3) as Int64?).map(Instant.init(milliseconds:))
        case .claimed: counts.claimed = try row.value(2)
        case .withheld: counts.withheld = try row.value(2)
        case .settled:
          if let outcome = (try row.value(1) as Int64?).flatMap({ UInt8(exactly: $0) }).flatMap(
            Settlement.Outcome.init(rawValue:))
          {
            counts.settled[outcome] = try row.value(2)
          }
        case nil: throw StoreError(.damaged, "the outbox of \(file.path) is damaged: a row has no known state")
        }
      }
      return counts
    }
  }
}

private enum OutboxState: Int {
  case queued = 0
  case claimed, withheld, settled
}

extension SQLiteOutbox {
  func enqueue(_ messages: [Message], in db: Database) throws {
    let insert = try db.cachedStatement(
      sql: """
        INSERT INTO outbox (id, at, due, expires, channel, class, priority, format, message)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    for message in messages {
      let at = message.at.milliseconds
      do {
        try insert.execute(arguments: [
          message.id.key, at, at, message.expires?.milliseconds, message.channel, message.class.rawValue,
          message.priority, StoreFormat.current, Data(message.encoded()),
        ])
      } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
        throw StoreError(.duplicate, "message \(message.id) is already in the outbox of \(file.path)")
      }
    }
  }

  /// Queued ones are withheld. A claimed one may be on its way; should it come back, it has expired.
  func recall(_ ids: [CandidateID], in db: Database) throws {
    if ids.isEmpty { return }
    let withhold = try db.cachedStatement(sql: "UPDATE outbox SET state = 2 WHERE id = ? AND state = 0")
    let expire = try db.cachedStatement(sql: "UPDATE outbox SET expires = 0 WHERE id = ? AND state = 1")
    for id in ids {
      try withhold.execute(arguments: [id.key])
      try expire.execute(arguments: [id.key])
    }
  }

  func settle(_ settlements: [Settlement], at instant: Instant, in db: Database) throws {
    let update = try db.cachedStatement(
      sql: "UPDATE outbox SET state = 3, outcome = ?, settled = ? WHERE id = ? AND state <> 3")
    for settlement in settlements {
      try update.execute(arguments: [
        settlement.outcome.rawValue, instant.milliseconds, settlement.message.key,
      ])
    }
  }

  private func take(
    to state: OutboxState, _ what: String, _ condition: String, _ arguments: StatementArguments
  ) throws(StoreError) -> [Claim] {
    try file.writing(to: what) { db in
      let select = try db.cachedStatement(
        sql: "SELECT \(columns) FROM outbox WHERE \(condition)")
      let update = try db.cachedStatement(sql: "UPDATE outbox SET state = ? WHERE position = ?")
      let rows = try Row.fetchAll(select, arguments: arguments)
      for row in rows { try update.execute(arguments: [state.rawValue, row.value(0) as Int64]) }
      return try rows.map(claim)
    }
  }

  private func list(_ state: OutboxState) throws(StoreError) -> [Claim] {
    try file.reading(to: "list the outbox") { db in
      // Said twice: only by the words of its own condition is the index of those few rows found.
      try Row.fetchAll(
        db, sql: "SELECT \(columns) FROM outbox WHERE state IN (1, 2) AND state = ? ORDER BY position",
        arguments: [state.rawValue]
      ).map(claim)
    }
  }

  /// Of a claim.
  private var columns: String {
    let format = file.format >= 7 ? "format" : "6"
    return "position, message, attempts, doubtful, \(format)"
  }

  private func claim(_ row: Row) throws -> Claim {
    do {
      let message = try Message(decoding: row.bytes(1), format: try StoreFormat.check(row.value(4), in: file.path))
      return Claim(message: message, attempts: try row.value(2), doubtful: try row.value(3))
    } catch let error as BinaryError {
      throw StoreError(.damaged, "row \(try row.value(0) as Int64) in the outbox of \(file.path) is damaged: \(error)")
    }
  }
}

extension CandidateID {
  /// SQLite's integers are signed.
  var key: Int64 { Int64(bitPattern: rawValue) }
}
