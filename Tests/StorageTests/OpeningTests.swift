import AttuneModel
import Foundation
import Testing

@testable import Storage

@Suite struct OpeningTests {
  private let folder = StoreFolder()

  @Test func oneProcessAtATime() throws {
    let store = try folder.reopen()
    let error = #expect(throws: StoreError.self) { try SQLiteStore.open(folder.path) }
    #expect(error?.code == .locked)
    #expect(error?.message.contains(folder.path) == true)
    #expect(error?.message.contains("process \(getpid());") == true)
    try store.close()
    #expect(throws: StoreError.self) { try store.add() }
    try SQLiteStore.open(folder.path).close()
  }

  /// GRDB's own default is NORMAL, which may lose what was acknowledged.
  @Test func waitsForTheDisk() throws {
    #expect(try folder.reopen(.init()).synchronous() == 2)
    #expect(try folder.reopen(.init(synchronous: .normal)).synchronous() == 1)
    #expect(try folder.reopen(.init(synchronous: .off)).synchronous() == 0)
  }

  @Test func aClosedStoreIsOneFile() throws {
    let store = try folder.reopen()
    try store.add()
    #expect(try store.all().count == 1)
    try store.close()
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.sorted() == ["attune.db", "attune.lock"])
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
    try store.add(queue: [message(1)])
    for isOpen in [true, false] {
      if !isOpen { try store.close() }
      let reader = try SQLiteStore.read(folder.path)
      #expect(reader.lastSequence == 1)
      #expect(try reader.counts().queued == 1)
      #expect(code { try reader.add() } == .readOnly)
      #expect(code { _ = try reader.claim(limit: 1, now: at(0)) } == .readOnly)
    }
    let reader = try SQLiteStore.read(folder.path)
    store = try SQLiteStore.open(folder.path)
    try store.add()
    #expect(try reader.all().count == 2, "sees what was written since")
  }

  @Test func unknownFormats() throws {
    try folder.reopen(.init(journalFormat: 2, checkpointFormat: 3)).close()
    let error = #expect(throws: StoreError.self) {
      try folder.reopen(.init(journalFormat: 1, checkpointFormat: 3))
    }
    #expect(error?.code == .unknownFormat)
    #expect(error?.message.contains("format.journal 2, this build knows 1") == true)
    #expect(code { _ = try folder.reopen(.init(journalFormat: 2, checkpointFormat: 4)) } == .unknownFormat)
    #expect(code { _ = try SQLiteStore.read(folder.path) } == .unknownFormat)
    let store = try folder.reopen(.init(journalFormat: 2, checkpointFormat: 3))
    try store.setMeta("format.database", "99")
    #expect(code { _ = try folder.reopen(.init(journalFormat: 2, checkpointFormat: 3)) } == .unknownFormat)
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
    #expect(try store.meta("replay.of") == nil)
    try store.setMeta("replay.of", "a")
    try store.setMeta("replay.of", "b 漢")
    #expect(try folder.reopen().meta("replay.of") == "b 漢")
  }
}
