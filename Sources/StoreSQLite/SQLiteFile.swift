import AttuneModel
import Foundation
import GRDB
import Store
import Synchronization

/// The file that all parts of a store share, and the lock on its folder.
final class SQLiteFile: Sendable {
  let folder: String
  let path: String
  /// `StoreFormat.current`, or of a file open for reading the one before.
  let format: UInt8
  let pool: DatabasePool
  /// Sequence of the newest batch.
  let last: Mutex<Int64>
  private let lock: Mutex<FolderLock?>

  init(writing folder: String, options: SQLiteStore.Options) throws(StoreError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw StoreError(.io, "cannot make the folder \(folder): \(error.localizedDescription)")
    }
    lock = Mutex(try FolderLock(folder: folder))
    self.folder = folder
    path = folder + "/attune.db"
    do {
      pool = try Self.pool(path, readonly: false)
      try Self.set(options, of: pool)
      if try pool.read(Schema.isThere) { _ = try Schema.format(of: pool, in: path) }
      try Schema.migrator.migrate(pool)
      format = StoreFormat.current
      last = Mutex(try pool.read(SQLiteJournal.newest))
    } catch {
      throw StoreError(error, to: "open the store", in: path)
    }
  }

  init(reading folder: String) throws(StoreError) {
    guard FileManager.default.fileExists(atPath: folder + "/attune.db") else {
      throw StoreError(.io, "there is no store in \(folder)")
    }
    lock = Mutex(nil)
    self.folder = folder
    path = folder + "/attune.db"
    do {
      pool = try Self.pool(path, readonly: true)
      format = try Schema.format(of: pool, in: path)
      last = Mutex(try pool.read(SQLiteJournal.newest))
    } catch {
      throw StoreError(error, to: "open the store", in: path)
    }
  }

  /// Gives the folder free for others. What is called later fails.
  @Sendable func close() throws(StoreError) {
    // GRDB closes the writer first; but only the writer, as the last one, can fold the WAL into the file.
    pool.releaseMemory()
    do { try pool.close() } catch { throw StoreError(error, to: "close the store", in: path) }
    lock.withLock { $0 = nil }
  }

  var isReadOnly: Bool { pool.configuration.readonly }

  private static func pool(_ path: String, readonly: Bool) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.readonly = readonly
    configuration.busyMode = .timeout(5)
    return try DatabasePool(path: path, configuration: configuration)
  }

  /// GRDB sets `synchronous` itself while it opens, so ours comes after.
  private static func set(_ options: SQLiteStore.Options, of pool: DatabasePool) throws {
    try pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = \(options.synchronous.rawValue)")
      if let pages = options.maxPageCount { try db.execute(sql: "PRAGMA max_page_count = \(max(1, pages))") }
    }
  }

  /// What the writing connection really does: 2 is `full`.
  func synchronous() throws -> Int? {
    try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
  }

  func writing<T>(to what: String, _ body: (Database) throws -> T) throws(StoreError) -> T {
    if isReadOnly { throw StoreError(.readOnly, "cannot \(what) in \(path): it is open for reading only") }
    do { return try pool.write(body) } catch { throw StoreError(error, to: what, in: path) }
  }

  func reading<T>(to what: String, _ body: (Database) throws -> T) throws(StoreError) -> T {
    do { return try pool.read(body) } catch { throw StoreError(error, to: what, in: path) }
  }
}
