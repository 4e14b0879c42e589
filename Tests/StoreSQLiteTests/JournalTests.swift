import AttuneModel
import Foundation
import Store
import StoreSQLite
import StoreTesting
import Testing

@Suite struct JournalTests {
  private let folder = StoreFolder()

  /// Whoever comes first takes the number; the other one is told, and nothing is lost or doubled.
  @Test func concurrentAppends() throws {
    let store = try folder.reopen()
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for _ in 0..<25 { while code({ try store.journal.add() }) != nil {} }
    }
    #expect(try store.journal.all().map(\.sequence) == Array(1...100))
  }

  @Test func lastTwoCheckpointsAreKept() throws {
    var store = try folder.reopen()
    for sequence in 1...4 {
      try store.journal.add()
      try store.journal.saveCheckpoint([UInt8](repeating: UInt8(0xC0 + sequence), count: 5000), at: Int64(sequence))
    }
    try store.close()
    for (damaged, expected) in [(4, 3), (3, nil)] as [(UInt8, Int64?)] {
      try damage([UInt8](repeating: 0xC0 + damaged, count: 500), in: "checkpoint-\(damaged)")
      store = try SQLiteStore.open(folder.path)
      #expect(try store.journal.latestCheckpoint()?.sequence == expected)
      if let expected {
        #expect(try store.journal.latestCheckpoint()?.state == [UInt8](repeating: UInt8(0xC0 + expected), count: 5000))
      }
      try store.close()
    }
  }

  /// As after a folder was put together from two backups.
  @Test func checkpointOfAnotherStoreIsNotUsed() throws {
    let other = StoreFolder()
    let theirs = try other.reopen()
    let store = try folder.reopen()
    for store in [theirs, store] { try store.journal.add() }
    try theirs.journal.saveCheckpoint([1], at: 1)
    try FileManager.default.copyItem(atPath: other.path + "/checkpoint-1", toPath: folder.path + "/checkpoint-1")
    #expect(try theirs.journal.latestCheckpoint()?.state == [1])
    #expect(try store.journal.latestCheckpoint() == nil)
  }

  @Test func aCheckpointThatCannotBeWrittenLeavesTheOthers() throws {
    let store = try folder.reopen()
    for _ in 0..<2 { try store.journal.add() }
    try store.journal.saveCheckpoint([1], at: 1)
    // In the way of the file.
    try FileManager.default.createDirectory(
      atPath: folder.path + "/checkpoint-2.new", withIntermediateDirectories: false)
    #expect(code { try store.journal.saveCheckpoint([2], at: 2) } == .io)
    #expect(try store.journal.latestCheckpoint()?.state == [1])
  }

  /// Changes one bit where the pattern is in the file.
  private func damage(_ pattern: [UInt8], in file: String) throws {
    let url = URL(fileURLWithPath: folder.path + "/" + file)
    var data = try Data(contentsOf: url)
    let place = try #require(data.range(of: Data(pattern)))
    data[place.lowerBound + 100] ^= 4
    try data.write(to: url)
  }
}
