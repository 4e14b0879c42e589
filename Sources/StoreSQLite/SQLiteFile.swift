import AttuneModel
import Foundation
import GRDB
import Store
import Synchronization

/// The file that all parts of a store share, and the lock on its folder.
final class SQLiteFile: Sendable {
  let folder: String
  let path: String
  let pool: DatabasePool
  private let state: Mutex<State>
  private let lock: Mutex<FolderLock?>
  /// Of a store open for writing.
  private let presence: Presence?
  private let mark = Mutex<EndMark?>(nil)
  /// When somebody last waited in vain for another program.
  private let lastWait = Mutex<ContinuousClock.Instant?>(nil)

  private struct State {
    var format: UInt8
    var head = Chain.Head()
    /// What the store has been called since it was made.
    var name = ""
    var findings: [String] = []
  }

  /// - Parameter accepts: a store that lacks what it acknowledged, as it is.
  init(writing folder: String, options: SQLiteStore.Options, accepts: Bool = false) throws(StoreError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw StoreError(.io, "cannot make the folder \(folder): \(error.localizedDescription)")
    }
    lock = Mutex(try FolderLock(folder: folder))
    self.folder = folder
    path = folder + "/attune.db"
    let opening = try StoreOpening(folder: folder, accepts: accepts)
    do {
      pool = try Self.pool(path, readonly: false)
      try Self.set(options, of: pool)
      var state = State(format: StoreFormat.current)
      if try pool.read(Schema.isThere) {
        state.format = try Schema.format(of: pool, in: path)
      } else {
        try Schema.migrator.migrate(pool)
      }
      (state.head, state.name) = try pool.read { (try Chain.head(in: $0), try $0.note(Schema.identity) ?? "") }
      state.findings = try opening.findings(in: pool, state.head, state.name, format: state.format)
      presence = Presence(path)
      self.state = Mutex(state)
    } catch {
      throw StoreError(error, to: "open the store", in: path)
    }
    try startMark(held: opening.held)
  }

  init(reading folder: String) throws(StoreError) {
    guard FileManager.default.fileExists(atPath: folder + "/attune.db") else {
      throw StoreError(.io, "there is no store in \(folder)")
    }
    lock = Mutex(nil)
    self.folder = folder
    path = folder + "/attune.db"
    presence = nil
    do {
      pool = try Self.pool(path, readonly: true)
      var state = State(format: try Schema.format(of: pool, in: path))
      (state.head, state.name) = try pool.read { (try Chain.head(in: $0), try $0.note(Schema.identity) ?? "") }
      self.state = Mutex(state)
    } catch {
      throw StoreError(error, to: "open the store", in: path)
    }
  }

  /// Gives the folder free for others. What is called later fails.
  @Sendable func close() throws(StoreError) {
    // GRDB closes the writer first; but only the writer, as the last one, can fold the WAL into the file.
    pool.releaseMemory()
    do { try pool.close() } catch { throw StoreError(error, to: "close the store", in: path) }
    // Who reads at this moment keeps the log there.
    mark.withLock { mark in
      mark?.finish(isWhole: !FileManager.default.fileExists(atPath: path + "-wal"))
      mark = nil
    }
    lock.withLock { $0 = nil }
  }

  /// Who forgets to close it closes it all the same: SQLite does, and the mark has to tell.
  deinit { try? close() }

  var isReadOnly: Bool { pool.configuration.readonly }

  private static func pool(_ path: String, readonly: Bool) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.readonly = readonly
    // Whoever waits for a batch waits as long, and so do those who read the engine.
    configuration.busyMode = .timeout(1.5)
    // A page or a report does not wait for a program that holds the file: opening it asks several times.
    configuration.prepareDatabase { db in
      if db.configuration.readonly { try db.execute(sql: "PRAGMA busy_timeout = 500") }
    }
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

  /// One of the format before is brought to this build's at the first call: the build that made it cannot open it then.
  ///
  /// - Parameter end: where the journal ends then, if it is another place than before.
  func writing<T>(
    to what: String, end: (T) -> Chain.Head? = { _ in nil }, _ body: (Database) throws -> T
  ) throws(StoreError) -> T {
    if isReadOnly { throw StoreError(.readOnly, "cannot \(what) in \(path): it is open for reading only") }
    try presence?.check()
    try bringUpToDate()
    let wantsCount = mark.withLock { $0?.wantsCount ?? false }
    let result: T
    let counted: Int32?
    do {
      (result, counted) = try transaction { db in
        let result = try body(db)
        // A batch is found by its number, and what else was done by the count.
        return (result, try wantsCount || end(result) == nil ? count(in: db) : nil)
      }
    } catch { throw StoreError(error, to: what, in: path) }
    // What went to a file without a name is not acknowledged.
    try presence?.check()
    if let head = end(result) { state.withLock { if $0.head.sequence < head.sequence { $0.head = head } } }
    mark(counted: counted)
    return result
  }

  /// Whoever waited behind one who waited in vain for another program does not wait as long again.
  private func transaction<T>(_ body: (Database) throws -> T) throws -> T {
    let asked = ContinuousClock.now
    return try pool.writeWithoutTransaction { db in
      if let failed = lastWait.withLock({ $0 }), failed > asked { throw DatabaseError(resultCode: .SQLITE_BUSY) }
      var result: Result<T, any Error>?
      do {
        try db.inTransaction {
          result = .success(try body(db))
          return .commit
        }
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        lastWait.withLock { $0 = .now }
        throw error
      }
      return try (result ?? .failure(DatabaseError(resultCode: .SQLITE_INTERNAL))).get()
    }
  }

  func reading<T>(to what: String, _ body: (Database) throws -> T) throws(StoreError) -> T {
    // Nor is believed what is in one: a batch that was not acknowledged.
    try presence?.check()
    do { return try pool.read(body) } catch { throw StoreError(error, to: what, in: path) }
  }
}

extension SQLiteFile {
  /// `StoreFormat.current`, or an older one: of a file open for reading, or not yet written to.
  var format: UInt8 { state.withLock { $0.format } }
  /// Where the journal ends.
  var head: Chain.Head { state.withLock { $0.head } }
  /// What the store has been called since it was made.
  var name: String { state.withLock { $0.name } }
  /// What was found that is not as it was left.
  var findings: [String] { state.withLock { $0.findings } }

  func find(_ text: String) { state.withLock { $0.findings.append(text) } }

  /// - Parameters:
  ///   - counted: how many transactions were, if this one was.
  ///   - waits: for the disk.
  func mark(counted: Int32? = nil, waits: Bool = false) {
    let head = head
    mark.withLock { $0?.tell(head, counted: counted, waits: waits) }
  }

  /// One of an older format, before it is written to.
  func bringUpToDate() throws(StoreError) {
    if format == StoreFormat.current { return }
    do {
      try Schema.migrator.migrate(pool)
      let head = try pool.read(Chain.head)
      state.withLock { ($0.head, $0.format) = (head, StoreFormat.current) }
    } catch {
      throw StoreError(error, to: "bring the store up to date", in: path)
    }
    try startMark(held: 0)
  }

  /// Counts a transaction in the database's first page, where `EndMark` finds it without opening the database.
  private func count(in db: Database) throws -> Int32 {
    let next = try Self.counted(in: db) &+ 1
    try db.execute(sql: "PRAGMA user_version = \(next)")
    return next
  }

  private static func counted(in db: Database) throws -> Int32 {
    try Int32.fetchOne(db.cachedStatement(sql: "PRAGMA user_version")) ?? 0
  }

  private func startMark(held: Int32) throws(StoreError) {
    guard format == StoreFormat.current else { return }
    let counted: Int32
    do { counted = try pool.read(Self.counted) } catch { throw StoreError(error, to: "open the store", in: path) }
    let mark = try EndMark(folder: folder, store: name, head: head, counted: counted, held: held)
    self.mark.withLock { $0 = mark }
  }
}
