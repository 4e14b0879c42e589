import Foundation
import GRDB
import Synchronization

/// Journal, outbox, projections and the library of copies in one SQLite file, `attune.db`, in a folder of its own; checkpoints in files beside it.
///
/// Calls block for as long as the disk takes; appends of several threads queue up behind each other.
public final class SQLiteStore: Sendable {
  public let folder: String
  let path: String
  let isReadOnly: Bool
  let pool: DatabasePool
  let last: Mutex<Int64>
  private let lock: Mutex<FolderLock?>

  public struct Options: Sendable {
    /// What an append waits for.
    public var synchronous: Synchronous
    /// Versions of what the engine encodes; a store written with others is not opened.
    public var journalFormat: Int
    public var checkpointFormat: Int
    /// Limits the file, in pages of 4096 bytes; beyond it the disk counts as full.
    public var maxPageCount: Int?

    public init(
      synchronous: Synchronous = .full, journalFormat: Int = 2, checkpointFormat: Int = 1, maxPageCount: Int? = nil
    ) {
      self.synchronous = synchronous
      self.journalFormat = journalFormat
      self.checkpointFormat = checkpointFormat
      self.maxPageCount = maxPageCount
    }
  }

  /// `PRAGMA synchronous`. Only `full` survives a power cut with everything acknowledged; `normal` may lose the
  /// last appends, `off` the store. All survive the death of the process.
  public enum Synchronous: String, Sendable {
    case full = "FULL"
    case normal = "NORMAL"
    case off = "OFF"
  }

  /// Opens the store in a folder, made when there is none, for this process alone.
  public static func open(_ folder: String, options: Options = Options()) throws(StoreError) -> SQLiteStore {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw StoreError(.io, "cannot make the folder \(folder): \(error.localizedDescription)")
    }
    return try SQLiteStore(folder: folder, lock: FolderLock(folder: folder), options: options)
  }

  /// Opens an existing store for reading, also while another process writes to it.
  public static func read(_ folder: String, options: Options = Options()) throws(StoreError) -> SQLiteStore {
    guard FileManager.default.fileExists(atPath: folder + "/attune.db") else {
      throw StoreError(.io, "there is no store in \(folder)")
    }
    return try SQLiteStore(folder: folder, lock: nil, options: options)
  }

  private init(folder: String, lock: FolderLock?, options: Options) throws(StoreError) {
    self.folder = folder
    self.lock = Mutex(lock)
    isReadOnly = lock == nil
    path = folder + "/attune.db"
    var configuration = Configuration()
    configuration.readonly = lock == nil
    configuration.busyMode = .timeout(5)
    do {
      pool = try DatabasePool(path: path, configuration: configuration)
      last = Mutex(0)
      if lock != nil { try Self.prepare(pool, options) }
      try pool.read { try Self.checkFormats($0, options, in: path) }
      let newest = try pool.read { try Self.newestSequence(in: $0) }
      last.withLock { $0 = newest }
    } catch {
      throw StoreError(error, to: "open the store", in: path)
    }
  }

  /// Gives the folder free for others. What is called later fails.
  public func close() throws(StoreError) {
    // GRDB closes the writer first; but only the writer, as the last one, can fold the WAL into the file.
    pool.releaseMemory()
    do { try pool.close() } catch { throw StoreError(error, to: "close the store", in: path) }
    lock.withLock { $0 = nil }
  }

  /// GRDB sets `synchronous` itself while it opens, so ours comes after.
  private static func prepare(_ pool: DatabasePool, _ options: Options) throws {
    try pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = \(options.synchronous.rawValue)")
      if let pages = options.maxPageCount { try db.execute(sql: "PRAGMA max_page_count = \(max(1, pages))") }
    }
    try pool.write { db in
      try prepareLibrary(db)
      guard try !db.tableExists("meta") else { return }
      try db.execute(sql: schema)
      let formats = [databaseFormat, options.journalFormat, options.checkpointFormat]
      for (key, format) in zip(formatKeys, formats) { try setMeta(key, "\(format)", in: db) }
      try setMeta(identity, UUID().uuidString, in: db)
    }
  }

  /// What the writing connection really does: 2 is `full`.
  func synchronous() throws -> Int? {
    try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
  }

  func writing<T>(to what: String, _ body: (Database) throws -> T) throws(StoreError) -> T {
    do { return try pool.write(body) } catch { throw StoreError(error, to: what, in: path) }
  }

  func reading<T>(to what: String, _ body: (Database) throws -> T) throws(StoreError) -> T {
    do { return try pool.read(body) } catch { throw StoreError(error, to: what, in: path) }
  }
}
