import AttuneModel
import Store
import Testing

/// What every journal with an outbox has to do. `reopen` closes the store and opens it again on the same data.
struct StoreConformance {
  let reopen: () throws -> OpenedStore

  func check() throws {
    try journal()
    try checkpoints()
    try appendIsOneTransaction()
    try outboxStates()
  }

  private func journal() throws {
    var store = try reopen()
    #expect(store.journal.lastSequence == 0)
    #expect(try store.journal.all().isEmpty)
    // More than are read at a time.
    let batches = (1...40).map { batch($0, size: Int($0) % 3 * 50) }
    for batch in batches { try store.journal.append(Commit(batch)) }
    #expect(store.journal.lastSequence == 40)
    #expect(try store.journal.all() == batches)
    #expect(try store.journal.all(after: 33) == Array(batches[33...]))
    #expect(try store.journal.all(after: 40).isEmpty)
    store = try reopen()
    #expect(store.journal.lastSequence == 40)
    #expect(try store.journal.all() == batches)

    #expect(code { try store.journal.append(Commit(batch(40))) } == .duplicate)
    #expect(code { try store.journal.append(Commit(batch(42))) } == .outOfOrder)
    #expect(code { try store.journal.append(Commit(batch(0))) } == .duplicate)
    struct Enough: Error {}
    #expect(throws: Enough.self) { try store.journal.batches(after: 0) { _ in throw Enough() } }
    #expect(try store.journal.all() == batches)
  }

  private func checkpoints() throws {
    var store = try reopen()
    #expect(try store.journal.latestCheckpoint() == nil)
    try store.journal.saveCheckpoint([], at: 1)
    #expect(try store.journal.latestCheckpoint()?.state == [])
    try store.journal.saveCheckpoint([1, 2, 3], at: 20)
    try store.journal.saveCheckpoint([4], at: 20)
    store = try reopen()
    #expect(try store.journal.latestCheckpoint()?.sequence == 20)
    #expect(try store.journal.latestCheckpoint()?.state == [4])
  }

  private func appendIsOneTransaction() throws {
    var store = try reopen()
    let last = store.journal.lastSequence
    try store.journal.add(queue: [message(1), message(2)])
    // The third one's id is taken, so neither the batch, nor message 3, nor the settlement may stay.
    let refused = code {
      try store.journal.add(queue: [message(3), message(1)], settle: [Settlement(message: id(2), outcome: .failed)])
    }
    #expect(refused == .duplicate)
    #expect(store.journal.lastSequence == last + 1)
    for _ in 0..<2 {
      #expect(try store.journal.all(after: last).map(\.sequence) == [last + 1])
      #expect(try store.outbox.counts() == OutboxCounts(queued: 2, oldestQueued: at(0)))
      store = try reopen()
    }
    try store.journal.add(
      queue: [message(3)], settle: [1, 2, 3, 99].map { Settlement(message: id($0), outcome: .accepted) })
    #expect(try store.outbox.counts() == OutboxCounts(settled: [.accepted: 3]))
    try store.journal.add(settle: [Settlement(message: id(1), outcome: .failed)])
    #expect(try store.outbox.counts() == OutboxCounts(settled: [.accepted: 3]), "the first settlement stands")
    #expect(code { try store.journal.add(queue: [message(1)]) } == .duplicate, "settled, and still decided once")
  }

  private func outboxStates() throws {
    var store = try reopen()
    try store.journal.add(queue: [
      message(12, at: 20), message(11, at: 10), message(13, at: 30, expires: 100), message(14, at: 40, expires: 50),
    ])
    #expect(try store.outbox.counts().oldestQueued == at(10))
    let nearest = try store.outbox.claim(limit: 1, now: at(50))
    #expect(nearest.map(\.message) == [message(13, at: 30, expires: 100)], "the nearest to its expiry first")
    #expect(try store.outbox.claim(limit: 9, now: at(50)).numbers == [11, 12])
    #expect(try store.outbox.claim(limit: 9, now: at(50)).isEmpty)
    #expect(try store.outbox.expired(limit: 9, now: at(49)).isEmpty)
    #expect(try store.outbox.expired(limit: 9, now: at(50)).numbers == [14])
    store = try reopen()
    #expect(try store.outbox.claimed().numbers == [12, 11, 13])
    #expect(try store.outbox.withheld().numbers == [14])

    try store.outbox.requeue([
      Retry(message: id(12), notBefore: at(60), doubtful: true), Retry(message: id(11), notBefore: at(70)),
      Retry(message: id(14), notBefore: at(0)), Retry(message: id(1), notBefore: at(0)),
    ])
    #expect(try store.outbox.claim(limit: 9, now: at(59)).isEmpty, "withheld and settled ones do not come back")
    let again = try store.outbox.claim(limit: 9, now: at(60))
    #expect(again == [Claim(message: message(12, at: 20), attempts: 1, doubtful: true)])
    try store.outbox.requeue([Retry(message: id(12), notBefore: at(61))])
    #expect(try store.outbox.claim(limit: 1, now: at(61)).first?.doubtful == true, "a doubt stays")

    #expect(try store.outbox.withdraw([11, 12, 13, 14, 1, 77].map(id)) == [id(11)])
    #expect(try store.outbox.claim(limit: 9, now: at(1000)).isEmpty)
    #expect(try store.outbox.withheld().numbers == [11, 14])
    let counts = try store.outbox.counts()
    #expect(counts == OutboxCounts(claimed: 2, withheld: 2, settled: [.accepted: 3]))
  }
}
