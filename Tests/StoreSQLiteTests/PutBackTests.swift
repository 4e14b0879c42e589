import AttuneModel
import Foundation
import GRDB
import Store
import StoreTesting
import Testing

@testable import StoreSQLite

/// Files of a store put back from another moment, lost, cut or damaged: nothing acknowledged is forgotten without a word.
@Suite struct PutBackTests {
  private let folder = StoreFolder()
  private let files = FileManager.default

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func copy(_ names: String..., to place: String) throws {
    try files.createDirectory(atPath: place, withIntermediateDirectories: true)
    for name in names where files.fileExists(atPath: path(name)) {
      try files.copyItem(atPath: path(name), toPath: place + "/" + name)
    }
  }

  private func putBack(_ name: String, from place: String) throws {
    try? files.removeItem(atPath: path(name))
    if files.fileExists(atPath: place + "/" + name) {
      try files.copyItem(atPath: place + "/" + name, toPath: path(name))
    }
  }

  /// A store of ten batches, another five after `place` was copied, and a checkpoint at each end.
  private func grow(copying place: String) throws {
    let store = try folder.reopen()
    for _ in 0..<10 { try store.journal.add() }
    try store.journal.saveCheckpoint([10], at: 10)
    try store.close()
    try copy("attune.db", "attune.mark", "checkpoint-10", to: place)
    let later = try SQLiteStore.open(folder.path)
    for _ in 0..<5 { try later.journal.add() }
    try later.journal.saveCheckpoint([15], at: 15)
    try later.close()
  }

  private func refusal() -> StoreError? {
    do { try SQLiteStore.open(folder.path).close() } catch { return error }
    return nil
  }

  @Test func anOlderDatabase() throws {
    let place = path("copy")
    try grow(copying: place)
    try putBack("attune.db", from: place)
    for _ in 0..<2 {
      let error = try #require(refusal())
      #expect(error.code == .lost)
      #expect(error.message.contains("ends with batch 10, and batch 15 was acknowledged"), "\(error.message)")
      #expect(error.message.contains("attune store accept --store \(folder.path)"))
    }
    // Without the mark, the checkpoint tells.
    try files.removeItem(atPath: path("attune.mark"))
    #expect(refusal()?.message.contains("there is a checkpoint of batch 15") == true)
    // Accepted, it goes on from what is there, and the checkpoint of what is not is out of the way.
    let found = try SQLiteStore.accept(folder.path)
    #expect(found.contains { $0.contains("checkpoint-15 is not used: it is ahead of the journal") }, "\(found)")
    let store = try SQLiteStore.open(folder.path)
    #expect(store.findings.isEmpty && store.journal.lastSequence == 10)
    for _ in 0..<9 { try store.journal.add() }
    #expect(try store.journal.latestCheckpoint()?.state == [10])
    try store.journal.saveCheckpoint([19], at: 19)
    try store.close()
    #expect(files.fileExists(atPath: path("checkpoint-15.aside")) && files.fileExists(atPath: path("checkpoint-10")))
  }

  /// It goes past the number of the checkpoint, which is of another history.
  @Test func aCheckpointOfAnotherHistory() throws {
    let place = path("copy")
    try grow(copying: place)
    let theirs = path("theirs")
    try copy("checkpoint-15", to: theirs)
    for name in ["attune.db", "attune.mark"] { try putBack(name, from: place) }
    try files.removeItem(atPath: path("checkpoint-15"))
    var store = try SQLiteStore.open(folder.path)
    for _ in 0..<9 { try store.journal.add(size: 20) }
    try store.close()
    try putBack("checkpoint-15", from: theirs)
    #expect(
      try SQLiteStore.read(folder.path).journal.latestCheckpoint()?.state == [10], "nor is it believed by a reader")
    store = try SQLiteStore.open(folder.path)
    #expect(try store.journal.latestCheckpoint()?.state == [10])
    #expect(store.findings.contains { $0.contains("checkpoint-15 is not used: it was made of another journal") })
    try store.close()
  }

  /// The whole database of another history, as far as this one, is found out by the mark.
  @Test func anotherHistory() throws {
    let place = path("copy")
    try grow(copying: place)
    let mark = path("newer")
    try copy("attune.mark", to: mark)
    for name in ["attune.db", "attune.mark"] { try putBack(name, from: place) }
    try files.removeItem(atPath: path("checkpoint-15"))
    let store = try SQLiteStore.open(folder.path)
    for _ in 0..<9 { try store.journal.add(size: 20) }
    try store.close()
    try putBack("attune.mark", from: mark)
    #expect(refusal()?.message.contains("went another way") == true)
    #expect(try SQLiteStore.accept(folder.path).count == 1)
    #expect(refusal() == nil)
  }

  @Test(arguments: ["lost", "cut", "older"]) func theLog(how: String) throws {
    let store = try folder.reopen()
    for _ in 0..<3 { try store.journal.add() }
    let older = path("older")
    try copy("attune.db-wal", to: older)
    for _ in 0..<7 { try store.journal.add() }
    // As a kill would leave it.
    let killed = StoreFolder()
    try files.createDirectory(atPath: killed.path, withIntermediateDirectories: true)
    for name in ["attune.db", "attune.db-wal", "attune.mark"] {
      try files.copyItem(atPath: path(name), toPath: killed.path + "/" + name)
    }
    let log = killed.path + "/attune.db-wal"
    switch how {
    case "lost": try files.removeItem(atPath: log)
    case "cut": #expect(truncate(log, off_t(try Data(contentsOf: URL(fileURLWithPath: log)).count * 3 / 4)) == 0)
    default:
      try files.removeItem(atPath: log)
      try files.copyItem(atPath: older + "/attune.db-wal", toPath: log)
    }
    let error = #expect(throws: StoreError.self) { try SQLiteStore.open(killed.path) }
    #expect(error?.code == .lost, "\(String(describing: error))")
    #expect(try SQLiteStore.accept(killed.path).isEmpty == false)
    try SQLiteStore.open(killed.path).close()
  }

  /// Another program that opens the files of a server that was killed puts the log into the database, and nothing is lost.
  @Test func aLogThatAnotherProgramFolded() throws {
    let store = try folder.reopen()
    for number in 1...4 as ClosedRange<UInt64> { try store.journal.add(queue: [message(number)]) }
    _ = try store.outbox.claim(limit: 2, now: at(9))
    let killed = path("killed")
    try copy("attune.db", "attune.db-wal", "attune.mark", to: killed)
    let other = try DatabaseQueue(path: killed + "/attune.db")
    #expect(try other.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM journal") } == 4)
    try other.close()
    #expect(!files.fileExists(atPath: killed + "/attune.db-wal"))
    let opened = try SQLiteStore.open(killed)
    #expect(opened.findings == [] && opened.journal.lastSequence == 4)
    #expect(try opened.outbox.claimed().count == 2)
    try opened.close()
  }

  /// Nothing was journaled since, and a message was given away to be sent: it would be sent again.
  @Test func aLogThatHeldAClaimAlone() throws {
    let store = try folder.reopen()
    try store.journal.add(queue: [message(1)])
    try store.close()
    let again = try folder.reopen()
    _ = try again.outbox.claim(limit: 2, now: at(9))
    let killed = path("killed")
    try copy("attune.db", "attune.mark", to: killed)
    let error = #expect(throws: StoreError.self) { try SQLiteStore.open(killed) }
    #expect(error?.code == .lost && error?.message.contains("attune.db-wal is missing") == true)
    #expect(try SQLiteStore.accept(killed).count == 1)
    try SQLiteStore.open(killed).close()
  }

  @Test func aLogAfterAStop() throws {
    let store = try folder.reopen()
    try store.journal.add()
    let place = path("copy")
    try copy("attune.db-wal", to: place)
    try store.close()
    try putBack("attune.db-wal", from: place)
    #expect(refusal()?.message.contains("is of another moment") == true)
  }

  @Test(arguments: ["attune.mark", "attune.db-wal", "checkpoint-1"], [true, false])
  func noDatabase(whatIsLeft: String, isEmpty: Bool) throws {
    let store = try folder.reopen()
    try store.journal.add()
    try store.journal.saveCheckpoint([1], at: 1)
    let place = path("copy")
    try copy("attune.mark", "attune.db-wal", "checkpoint-1", to: place)
    try store.close()
    for name in ["attune.db", "attune.mark", "checkpoint-1"] { try files.removeItem(atPath: path(name)) }
    try putBack(whatIsLeft, from: place)
    if isEmpty { #expect(files.createFile(atPath: path("attune.db"), contents: nil)) }
    let error = refusal()
    #expect(error?.code == .lost && error?.message.contains("there is no") == true, "\(String(describing: error))")
    #expect(files.contents(atPath: path("attune.db"))?.isEmpty != false, "nothing was made in its place")
  }

  /// Whoever puts the right files back after a refusal finds the others as they were.
  @Test func aRefusalChangesNothing() throws {
    let place = path("copy")
    let store = try folder.reopen()
    try store.journal.add()
    try store.close()
    try copy("attune.db", to: place)
    let later = try folder.reopen()
    for _ in 0..<9 { try later.journal.add(size: 50_000) }
    // As a kill would leave it, and the database of before.
    let now = path("now")
    try copy("attune.db", "attune.db-wal", "attune.mark", to: now)
    try later.close()
    for name in ["attune.db-wal", "attune.mark"] { try putBack(name, from: now) }
    try putBack("attune.db", from: place)
    let sizes = ["attune.db", "attune.db-wal", "attune.mark"].map { files.contents(atPath: path($0)) }
    // Its log makes an older database whole only while it holds all that came after.
    if refusal() == nil { return }
    #expect(["attune.db", "attune.db-wal", "attune.mark"].map { files.contents(atPath: path($0)) } == sizes)
  }

  /// One of before there was a chain, put back where one with a chain went on.
  @Test func aDatabaseOfAnOlderFormat() throws {
    try files.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    let database = try DatabaseQueue(path: path("attune.db"))
    try Schema.migrator.migrate(database, upTo: "7")
    try database.write { db in
      for number in 1...3 {
        try db.execute(
          sql: "INSERT INTO journal (sequence, clock, inputs) VALUES (?, ?, x'01')", arguments: [number, number])
      }
    }
    try database.close()
    let place = path("copy")
    try copy("attune.db", to: place)
    let store = try folder.reopen()
    try store.notes.setNote("a", to: "b")
    try store.close()
    try putBack("attune.db", from: place)
    let error = refusal()
    #expect(error?.code == .lost && error?.message.contains("older copy") == true)
    // Nor was it brought to another format.
    #expect(try SQLiteFile(reading: folder.path).format == 7)
  }

  /// Each bit of the database's header, changed: it opens, or is damaged or lost, and nothing else is said of it.
  @Test func theHeader() throws {
    let store = try folder.reopen()
    for _ in 0..<3 { try store.journal.add() }
    try store.close()
    let url = URL(fileURLWithPath: path("attune.db"))
    let whole = try Data(contentsOf: url)
    for place in 0..<100 {
      for bit in 0..<8 {
        var changed = whole
        changed[place] ^= 1 << UInt8(bit)
        try changed.write(to: url)
        let reading = code { _ = try SQLiteStore.read(folder.path).journal.all() }
        #expect(reading == nil || reading == .damaged, "bit \(bit) of byte \(place), read")
        let writing = code {
          let store = try SQLiteStore.open(folder.path)
          try store.close()
        }
        #expect([nil, .damaged, .lost].contains(writing), "bit \(bit) of byte \(place)")
        for name in ["attune.db-wal", "attune.db-shm"] { try? files.removeItem(atPath: path(name)) }
      }
    }
  }

  /// The damaged one is kept beside, and the sound one is never the one to go.
  @Test func aDamagedCheckpoint() throws {
    var store = try folder.reopen()
    for sequence in 1...6 as ClosedRange<Int64> {
      try store.journal.add()
      if sequence % 2 == 0 {
        try store.journal.saveCheckpoint([UInt8](repeating: UInt8(sequence), count: 900), at: sequence)
      }
    }
    try store.close()
    for place in [20, 700] {
      let url = URL(fileURLWithPath: path("checkpoint-6"))
      let whole = try Data(contentsOf: url)
      var damaged = whole
      damaged[place] ^= 1
      try damaged.write(to: url)
      store = try SQLiteStore.open(folder.path)
      #expect(try store.journal.latestCheckpoint()?.sequence == 4)
      #expect(store.findings.contains { $0.contains("checkpoint-6 is not used: it is damaged; it is kept as") })
      try store.journal.add()
      try store.journal.saveCheckpoint([7], at: store.journal.lastSequence)
      #expect(files.fileExists(atPath: path("checkpoint-4")))
      try store.close()
      try files.removeItem(atPath: path("checkpoint-\(store.journal.lastSequence)"))
      try whole.write(to: url)
    }
  }

  @Test func whatAKillLeftHalfWritten() throws {
    _ = try folder.reopen()
    try Data([1]).write(to: URL(fileURLWithPath: path("checkpoint-7.new")))
    _ = try folder.reopen()
    #expect(!files.fileExists(atPath: path("checkpoint-7.new")))
  }

  /// A deleted file takes everything and keeps nothing.
  @Test(arguments: ["attune.db", "attune.db-wal"]) func removedWhileItIsOpen(name: String) throws {
    let store = try folder.reopen()
    try store.journal.add()
    try files.moveItem(atPath: path(name), toPath: path("away"))
    let error = #expect(throws: StoreError.self) { try store.journal.add() }
    #expect(error?.code == .io && error?.message.contains("\(name) was removed, replaced or emptied") == true)
    #expect(throws: StoreError.self) { try store.notes.setNote("a", to: "b") }
    try files.moveItem(atPath: path("away"), toPath: path(name))
    try store.journal.add()
    #expect(store.journal.lastSequence == 2)
  }

  @Test func emptiedWhileItIsOpen() throws {
    let store = try folder.reopen()
    try store.journal.add(size: 50_000)
    try store.close()
    let again = try folder.reopen()
    try again.journal.add()
    #expect(truncate(path("attune.db"), 0) == 0)
    // It is looked for once a second.
    let end = ContinuousClock.now + .seconds(3)
    var refused: StoreError.Code?
    while refused == nil, ContinuousClock.now < end { refused = code { try again.notes.setNote("a", to: "b") } }
    // SQLite itself may come upon it first.
    #expect(refused == .io || refused == .damaged)
  }

  /// Rows are bound to each other: one that is sound by itself is not another's successor.
  @Test func aRowOfAnotherJournal() throws {
    let store = try folder.reopen()
    for _ in 0..<3 { try store.journal.add() }
    try store.close()
    try folder.change("UPDATE journal SET chain = chain + 1 WHERE sequence = 2")
    let error = #expect(throws: StoreError.self) { _ = try SQLiteStore.read(folder.path).journal.all() }
    #expect(error?.code == .damaged && error?.message.contains("batch 2 does not follow") == true)
  }

  /// A start that is refused later has changed nothing: the build of before can still open it.
  @Test func openingAloneDoesNotMigrate() throws {
    try folder.makePrevious()
    try folder.reopen().close()
    #expect(try SQLiteFile(reading: folder.path).format == 6)
    try folder.reopen().notes.setNote("a", to: "b")
    #expect(try SQLiteFile(reading: folder.path).format == 8)
  }

  /// Random moments of random files, put together: what is opened without a word has everything.
  @Test(arguments: 1...40 as ClosedRange<UInt64>) func anyFilesOfAnyMoment(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let store = try folder.reopen()
    var moments: [String] = []
    var checkpointed: Int64 = 0
    for moment in 0..<6 {
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        try store.journal.add(size: Int.random(in: 10...3000, using: &random))
      }
      if Bool.random(using: &random) {
        checkpointed = store.journal.lastSequence
        try store.journal.saveCheckpoint([UInt8(checkpointed)], at: checkpointed)
      }
      moments.append(path("moment-\(moment)"))
      let names = try files.contentsOfDirectory(atPath: folder.path).filter {
        ($0.hasPrefix("attune.") || $0.hasPrefix("checkpoint-")) && $0 != "attune.lock" && !$0.hasSuffix("-shm")
      }
      for name in names { try copy(name, to: moments[moment]) }
    }
    let all = try store.journal.all()
    let attempt = StoreFolder()
    try files.createDirectory(atPath: attempt.path, withIntermediateDirectories: true)
    // The mark is of the last moment; the others of any.
    var from: [String: Int] = [:]
    for name in ["attune.db", "attune.db-wal", "checkpoints"] { from[name] = Int.random(in: 0..<6, using: &random) }
    for name in ["attune.db", "attune.db-wal"] {
      try? files.copyItem(atPath: moments[from[name] ?? 0] + "/" + name, toPath: attempt.path + "/" + name)
    }
    let place = moments[from["checkpoints"] ?? 0]
    for name in try files.contentsOfDirectory(atPath: place) where name.hasPrefix("checkpoint-") {
      try files.copyItem(atPath: place + "/" + name, toPath: attempt.path + "/" + name)
    }
    try files.copyItem(atPath: moments[5] + "/attune.mark", toPath: attempt.path + "/attune.mark")
    do {
      let opened = try SQLiteStore.open(attempt.path)
      #expect(opened.journal.lastSequence == all.count, "seed \(seed), \(from)")
      let checkpoint = try opened.journal.latestCheckpoint()
      if let checkpoint { #expect(checkpoint.state == [UInt8(checkpoint.sequence)]) }
      let rest = try opened.journal.all(after: checkpoint?.sequence ?? 0)
      #expect(rest == Array(all.dropFirst(Int(checkpoint?.sequence ?? 0))), "seed \(seed), \(from)")
      try opened.close()
    } catch let error as StoreError {
      #expect([.lost, .damaged].contains(error.code), "seed \(seed), \(from): \(error)")
    }
  }
}
