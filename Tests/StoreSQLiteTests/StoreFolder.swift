import AttuneModel
import Foundation
import GRDB
import Store
import StoreTesting

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
    try Schema.migrator.migrate(database, upTo: "6")
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

func at(_ seconds: Int64) -> Instant { StoreSamples.at(seconds) }

func id(_ number: UInt64) -> CandidateID { StoreSamples.id(number) }

func message(_ number: UInt64, at seconds: Int64 = 0, expires: Int64? = nil) -> Message {
  StoreSamples.message(number, at: seconds, expires: expires)
}

func batch(_ sequence: Int64, size: Int = 10) -> JournalBatch { StoreSamples.batch(sequence, size: size) }

func code(_ body: () throws -> Void) -> StoreError.Code? { storeErrorCode(body) }

func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }
