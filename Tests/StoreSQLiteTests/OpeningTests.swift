import AttuneModel
import Foundation
import GRDB
import Store
import StoreTesting
import Testing

@testable import StoreSQLite

@Suite struct OpeningTests {
  private let folder = StoreFolder()

  @Test func oneProcessAtATime() throws {
    let store = try folder.reopen()
    let error = #expect(throws: StoreError.self) { try SQLiteStore.open(folder.path) }
    #expect(error?.code == .locked)
    #expect(error?.message.contains(folder.path) == true)
    #expect(error?.message.contains("process \(getpid());") == true)
    try store.close()
    #expect(throws: StoreError.self) { try store.journal.add() }
    try SQLiteStore.open(folder.path).close()
  }

  /// GRDB's own default is NORMAL, which may lose what was acknowledged.
  @Test func waitsForTheDisk() throws {
    for (options, level) in [(.init(), 2), (.init(synchronous: .normal), 1), (.init(synchronous: .off), 0)]
      as [(
        SQLiteStore.Options, Int
      )]
    {
      let file = try SQLiteFile(writing: folder.path, options: options)
      #expect(try file.synchronous() == level)
      try file.close()
    }
  }

  @Test func aClosedStoreIsOneFile() throws {
    let store = try folder.reopen()
    try store.journal.add()
    #expect(try store.journal.all().count == 1)
    try store.close()
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.sorted() == ["attune.db", "attune.lock", "attune.mark"])
  }

  @Test func aLockFileWithoutAnOwnerMeansNothing() throws {
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    try Data("4711\n".utf8).write(to: URL(fileURLWithPath: folder.path + "/attune.lock"))
    _ = try folder.reopen()
    let noted = try String(contentsOfFile: folder.path + "/attune.lock", encoding: .utf8)
    #expect(noted == "\(getpid())\n")
  }

  @Test func readingBesideTheWriter() throws {
    #expect(code { _ = try SQLiteStore.read(folder.path) } == .io)
    var store = try folder.reopen()
    try store.journal.add(queue: [message(1)])
    for isOpen in [true, false] {
      if !isOpen { try store.close() }
      let reader = try SQLiteStore.read(folder.path)
      #expect(reader.journal.lastSequence == 1)
      #expect(try reader.outbox.counts().queued == 1)
      #expect(code { try reader.journal.add() } == .readOnly)
      #expect(code { _ = try reader.outbox.claim(limit: 1, now: at(0)) } == .readOnly)
    }
    let reader = try SQLiteStore.read(folder.path)
    store = try SQLiteStore.open(folder.path)
    try store.journal.add()
    #expect(try reader.journal.all().count == 2, "sees what was written since")
  }

  @Test(arguments: [
    ("format", "9", "newer version"), ("format", "5", "older version"), ("format.database", "99", "newer version"),
    ("format.database", "2", "older version"),
  ])
  func otherVersions(note: String, number: String, says: String) throws {
    if note == "format.database" { try folder.makePrevious() } else { try folder.reopen().close() }
    try folder.change("UPDATE meta SET value = '\(number)' WHERE key = '\(note)'")
    for open in [{ try SQLiteStore.open(folder.path) }, { try SQLiteStore.read(folder.path) }] {
      let error = #expect(throws: StoreError.self) { try open() }
      #expect(error?.code == .otherVersion)
      #expect(error?.message.contains("attune.db has format \(number), and this build reads 6 to 8") == true)
      #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
    }
  }

  /// What no version writes is damage, and so are tables that are not those of the format.
  @Test(arguments: ["abc", "", "8 ", "-1", "99999999999999999999", "6", "7"])
  func noFormatAtAll(number: String) throws {
    try folder.reopen().close()
    try folder.change("UPDATE meta SET value = '\(number)' WHERE key = 'format'")
    for open in [{ try SQLiteStore.open(folder.path) }, { try SQLiteStore.read(folder.path) }] {
      let error = #expect(throws: StoreError.self) { try open() }
      #expect(error?.code == .damaged && error?.message.contains("attune.db is damaged") == true, "\(number)")
    }
  }

  /// Read as it is, and brought up to date when it is opened for writing; then the build before it refuses it.
  @Test func theFormatBefore() throws {
    try folder.makePrevious()
    let message = message(1)
    // That form had neither class nor priority, a byte each at the end.
    let bytes = Array(message.encoded().dropLast(2))
    try folder.change(
      """
      INSERT INTO journal VALUES (1, 1000, x'0102', x'03', x'04', x'05'), (2, 2000, x'06', NULL, NULL, x'07');
      INSERT INTO outbox (id, at, due, message) VALUES (\(message.id.rawValue), 0, 0, x'\(hex(bytes))')
      """)
    let batches = [
      JournalBatch(sequence: 1, clock: at(1), inputs: [1, 2], decisions: [3]),
      JournalBatch(sequence: 2, clock: at(2), inputs: [6]),
    ]
    let history = [
      HistoryBatch(sequence: 1, traces: [4], tally: [5]), HistoryBatch(sequence: 2, traces: [], tally: [7]),
    ]
    let read = { try SQLiteStore.read(self.folder.path) }
    for open in [read, { try self.folder.reopen() }, read] {
      let store = try open()
      #expect(try store.journal.all() == batches)
      #expect(try store.history.all() == history)
      #expect(try store.outbox.counts().queued == 1)
      #expect(store.journal.lastSequence == 2)
    }
    let store = try folder.reopen()
    try store.journal.append(Commit(batch(3), queue: [StoreSQLiteTests.message(2)]))
    #expect(try store.outbox.claim(limit: 9, now: at(0)).map(\.message) == [message, StoreSQLiteTests.message(2)])
    #expect(try store.notes.note("format") == "8" && store.notes.note("format.database") == nil)
  }

  /// Rows have a checksum: what is not what was written is named.
  @Test(arguments: [
    ("journal", "inputs", "batch 2 in the journal of"), ("journal", "decisions", "batch 2 in the journal of"),
    ("history", "traces", "batch 2 in the history of"), ("history", "tally", "batch 2 in the history of"),
  ])
  func aChangedRowIsNamed(table: String, column: String, says: String) throws {
    let store = try folder.reopen()
    for sequence in 1...3 {
      let history = HistoryBatch(sequence: Int64(sequence), traces: [1, 2, 3], tally: [4])
      try store.journal.append(Commit(batch(Int64(sequence)), history: history))
    }
    try store.close()
    try folder.change("UPDATE \(table) SET \(column) = CAST(x'0a' || substr(\(column), 2) AS BLOB) WHERE sequence = 2")
    let reader = try SQLiteStore.read(folder.path)
    let error = #expect(throws: StoreError.self) {
      _ = (try reader.journal.all(), try reader.history.all())
    }
    #expect(error?.code == .damaged && error?.message.contains(says) == true, "\(error?.message ?? "")")
  }

  @Test func notAStore() throws {
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    try Data(repeating: 65, count: 5000).write(to: URL(fileURLWithPath: folder.path + "/attune.db"))
    #expect(code { _ = try folder.reopen() } == .damaged)
    #expect(code { _ = try SQLiteStore.read(folder.path) } == .damaged)
    #expect(code { _ = try SQLiteStore.open("/dev/null/folder") } == .io)
  }

  @Test func notes() throws {
    let store = try folder.reopen()
    #expect(try store.notes.note("replay.of") == nil)
    try store.notes.setNote("replay.of", to: "a")
    try store.notes.setNote("replay.of", to: "b 漢")
    #expect(try folder.reopen().notes.note("replay.of") == "b 漢")
  }

  /// Several who wait for another program at once wait as long as one.
  @Test func aProgramThatHoldsTheFile() async throws {
    let store = try folder.reopen()
    try store.journal.add()
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: folder.path + "/attune.db", configuration: configuration)
    try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    let start = ContinuousClock.now
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<10 {
        group.addTask {
          await withCheckedContinuation { done in
            Thread.detachNewThread {
              #expect(code { try store.notes.setNote("\(number)", to: "x") } == .locked)
              done.resume()
            }
          }
        }
      }
    }
    #expect(ContinuousClock.now - start < .seconds(8), "and not 15")
    #expect(try store.notes.note("0") == nil, "who reads does not wait")
    try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
    try store.notes.setNote("0", to: "x")
    try other.close()
  }
}
