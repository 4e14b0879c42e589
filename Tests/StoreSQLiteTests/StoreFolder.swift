import AttuneModel
import Foundation
import GRDB
import Store

@testable import StoreSQLite

/// A folder that goes when the test does.
final class StoreFolder {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("attune-\(UUID().uuidString)").path
  private var store: OpenedStore?

  deinit {
    store = nil
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Closes the store that it opened before.
  func reopen(_ options: SQLiteStore.Options = .init(synchronous: .off)) throws -> OpenedStore {
    try store?.close()
    store = nil
    let opened = try SQLiteStore.open(path, options: options)
    store = opened
    return opened
  }

  /// A store of the format before, new and closed.
  func makePrevious() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let database = try DatabaseQueue(path: path + "/attune.db")
    try Schema.migrator.migrate(database, upTo: "\(StoreFormat.previous)")
    try database.write { db in
      for (name, number) in [("database", 3), ("journal", 2), ("checkpoint", 1)] {
        try db.execute(sql: "INSERT INTO meta VALUES ('format.\(name)', '\(number)')")
      }
      // Which builds of that format did not keep.
      try db.execute(sql: "DROP TABLE grdb_migrations")
    }
    try database.close()
  }

  /// What nobody else does: another hand in the closed store's file.
  func change(_ sql: String) throws {
    let database = try DatabaseQueue(path: path + "/attune.db")
    try database.write { try $0.execute(sql: sql) }
    try database.close()
  }
}

func at(_ seconds: Int64) -> Instant { Instant(milliseconds: seconds * 1000) }

func id(_ number: UInt64) -> CandidateID { CandidateID(partition: Int(number % 64), number: number) }

func message(
  _ number: UInt64, at seconds: Int64 = 0, expires: Int64? = nil, whenUnknown: Message.WhenUnknown = .atMostOnce,
  body: String = "Zwölf Boxkämpfer 想要 🎈", class: Message.Class = .marketing, priority: Int = 0
) -> Message {
  Message(
    id: id(number), user: "u\(number % 5)", business: "b", channel: "log", title: "t", body: body,
    data: [Property("item.id", .string("i\(number)")), Property("n", .number(Double(number)))], material: "m",
    at: at(seconds), expires: expires.map(at), whenUnknown: whenUnknown, class: `class`, priority: priority)
}

func batch(_ sequence: Int64, size: Int = 10) -> JournalBatch {
  JournalBatch(
    sequence: sequence, clock: at(sequence),
    inputs: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 + Int(sequence)) },
    decisions: [1, 2])
}

extension Journal {
  func all(after sequence: Int64 = 0) throws -> [JournalBatch] {
    var batches: [JournalBatch] = []
    try self.batches(after: sequence) { batches.append($0) }
    return batches
  }

  /// The next batch.
  func add(
    queue: [Message] = [], withdraw: [CandidateID] = [], settle: [Settlement] = [], size: Int = 10
  ) throws {
    try append(
      Commit(StoreSQLiteTests.batch(lastSequence + 1, size: size), queue: queue, withdraw: withdraw, settle: settle))
  }
}

extension History {
  func all(after sequence: Int64 = 0) throws -> [HistoryBatch] {
    var batches: [HistoryBatch] = []
    try self.batches(after: sequence) { batches.append($0) }
    return batches
  }
}

func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }

extension [Claim] {
  var numbers: [UInt64] { map(\.message.id.number) }
}

func code(_ body: () throws -> Void) -> StoreError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? StoreError)?.code
  }
}

extension Outbox {
  /// Of the channel and class that most tests use.
  func claim(limit: Int, now: Instant) throws(StoreError) -> [Claim] {
    try claim(channel: "log", class: .marketing, limit: limit, now: now)
  }
}
