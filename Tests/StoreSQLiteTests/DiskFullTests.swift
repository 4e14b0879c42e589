import AttuneModel
import Store
import StoreSQLite
import StoreTesting
import Testing

@Suite struct DiskFullTests {
  private let folder = StoreFolder()

  /// Appends until the disk is full; gives how many were acknowledged.
  private func fill(_ store: OpenedStore) throws -> Int64 {
    let start = store.journal.lastSequence
    for number in start..<start + 1000 {
      let queue = [message(UInt64(number) * 2), message(UInt64(number) * 2 + 1)]
      let settle = [Settlement(message: id(UInt64(number) * 2), outcome: .accepted)]
      // Blocks of several pages, so that it gets full within a row.
      let failure = code { try store.journal.add(queue: queue, settle: settle, size: 9000) }
      if failure == nil { continue }
      #expect(failure == .diskFull)
      return number
    }
    Issue.record("never full")
    return 0
  }

  private func expectSound(_ store: OpenedStore, _ count: Int64, _ comment: Comment) throws {
    #expect(store.journal.lastSequence == count, comment)
    #expect(try store.journal.all() == (1...count).map { batch($0, size: 9000) }, comment)
    let counts = OutboxCounts(queued: Int(count), settled: [.accepted: Int(count)], oldestQueued: at(0))
    #expect(try store.outbox.counts() == counts, comment)
  }

  @Test func nothingIsHalfDone() throws {
    let small = SQLiteStore.Options(synchronous: .off, maxPageCount: 100)
    var store = try folder.reopen(small)
    let count = try fill(store)
    #expect(count > 10)
    try expectSound(store, count, "at once")
    #expect(code { try store.journal.add(size: 9000) } == .diskFull)
    try expectSound(store, count, "after more failures")
    store = try folder.reopen(small)
    try expectSound(store, count, "after a restart")
    store = try folder.reopen()
    try expectSound(store, count, "with space")
    for _ in 0..<20 { try store.journal.add(size: 9000) }
    #expect(try store.journal.all().count == Int(count) + 20)
  }
}
