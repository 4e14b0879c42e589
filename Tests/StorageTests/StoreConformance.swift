import AttuneModel
import Delivery
import Runtime
import Storage
import Testing

/// What every journal with an outbox has to do. `reopen` closes the store and opens it again on the same data.
struct StoreConformance {
  let reopen: () throws -> any Journal & Outbox

  func check() throws {
    try journal()
    try checkpoints()
    try appendIsOneTransaction()
    try outboxStates()
  }

  private func journal() throws {
    var store = try reopen()
    #expect(store.lastSequence == 0)
    #expect(try store.all().isEmpty)
    // More than are read at a time.
    let batches = (1...40).map { batch($0, size: Int($0) % 3 * 50) }
    for batch in batches { try store.append(batch, queue: [], settle: []) }
    #expect(store.lastSequence == 40)
    #expect(try store.all() == batches)
    #expect(try store.all(after: 33) == Array(batches[33...]))
    #expect(try store.all(after: 40).isEmpty)
    store = try reopen()
    #expect(store.lastSequence == 40)
    #expect(try store.all() == batches)

    #expect(code { try store.append(batch(40), queue: [], settle: []) } == .duplicate)
    #expect(code { try store.append(batch(42), queue: [], settle: []) } == .outOfOrder)
    #expect(code { try store.append(batch(0), queue: [], settle: []) } == .duplicate)
    struct Enough: Error {}
    #expect(throws: Enough.self) { try store.batches(after: 0) { _ in throw Enough() } }
    #expect(try store.all() == batches)
  }

  private func checkpoints() throws {
    var store = try reopen()
    #expect(try store.latestCheckpoint() == nil)
    try store.saveCheckpoint([], at: 1)
    #expect(try store.latestCheckpoint()?.state == [])
    try store.saveCheckpoint([1, 2, 3], at: 20)
    try store.saveCheckpoint([4], at: 20)
    store = try reopen()
    #expect(try store.latestCheckpoint()?.sequence == 20)
    #expect(try store.latestCheckpoint()?.state == [4])
  }

  private func appendIsOneTransaction() throws {
    var store = try reopen()
    let last = store.lastSequence
    try store.add(queue: [message(1), message(2)])
    // The third one's id is taken, so neither the batch, nor message 3, nor the settlement may stay.
    let refused = code {
      try store.add(queue: [message(3), message(1)], settle: [Settlement(message: id(2), outcome: .failed)])
    }
    #expect(refused == .duplicate)
    #expect(store.lastSequence == last + 1)
    for _ in 0..<2 {
      #expect(try store.all(after: last).map(\.sequence) == [last + 1])
      #expect(try store.counts() == OutboxCounts(queued: 2, oldestQueued: at(0)))
      store = try reopen()
    }
    try store.add(
      queue: [message(3)], settle: [1, 2, 3, 99].map { Settlement(message: id($0), outcome: .accepted) })
    #expect(try store.counts() == OutboxCounts(settled: [.accepted: 3]))
    try store.add(settle: [Settlement(message: id(1), outcome: .failed)])
    #expect(try store.counts() == OutboxCounts(settled: [.accepted: 3]), "the first settlement stands")
    #expect(code { try store.add(queue: [message(1)]) } == .duplicate, "settled, and still decided once")
  }

  private func outboxStates() throws {
    var store = try reopen()
    try store.add(queue: [
      message(12, at: 20), message(11, at: 10), message(13, at: 30, expires: 100), message(14, at: 40, expires: 50),
    ])
    #expect(try store.counts().oldestQueued == at(10))
    #expect(try store.claim(limit: 2, now: at(50)).numbers == [11, 12])
    #expect(try store.claim(limit: 9, now: at(50)).map(\.message) == [message(13, at: 30, expires: 100)])
    #expect(try store.claim(limit: 9, now: at(50)).isEmpty)
    #expect(try store.expired(limit: 9, now: at(49)).isEmpty)
    #expect(try store.expired(limit: 9, now: at(50)).numbers == [14])
    store = try reopen()
    #expect(try store.claimed().numbers == [12, 11, 13])
    #expect(try store.withheld().numbers == [14])

    try store.requeue([
      Retry(message: id(12), notBefore: at(60), doubtful: true), Retry(message: id(11), notBefore: at(70)),
      Retry(message: id(14), notBefore: at(0)), Retry(message: id(1), notBefore: at(0)),
    ])
    #expect(try store.claim(limit: 9, now: at(59)).isEmpty, "withheld and settled ones do not come back")
    let again = try store.claim(limit: 9, now: at(60))
    #expect(again == [Claim(message: message(12, at: 20), attempts: 1, doubtful: true)])
    try store.requeue([Retry(message: id(12), notBefore: at(61))])
    #expect(try store.claim(limit: 1, now: at(61)).first?.doubtful == true, "a doubt stays")

    #expect(try store.withdraw([11, 12, 13, 14, 1, 77].map(id)) == [id(11)])
    #expect(try store.claim(limit: 9, now: at(1000)).isEmpty)
    #expect(try store.withheld().numbers == [11, 14])
    let counts = try store.counts()
    #expect(counts == OutboxCounts(claimed: 2, withheld: 2, settled: [.accepted: 3]))
  }
}
