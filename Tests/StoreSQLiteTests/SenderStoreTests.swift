import AttuneModel
import ChannelLog
import Delivery
import Foundation
import Store
import StoreSQLite
import StoreTesting
import Testing

/// The sender on a real store with the real log file: what goes in at one end comes out once at the other.
@Suite struct SenderStoreTests {
  private let folder = StoreFolder()
  private var log: String { folder.path + "/sent.ndjson" }

  private func sender(_ store: OpenedStore, now: Int64 = 100) throws -> Sender {
    Sender(outbox: store.outbox, channels: [try LogChannel(path: log)], now: { at(now) }) { settlements in
      try store.journal.add(settle: settlements)
    }
  }

  private func lines() throws -> [String] {
    try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  @Test func endToEnd() async throws {
    let store = try folder.reopen()
    try store.journal.add(queue: (0..<250).map { message($0) } + [message(250, expires: 99)])
    try await sender(store).drain()
    #expect(try lines().count == 250)
    #expect(try store.outbox.counts() == OutboxCounts(settled: [.accepted: 250, .withdrawn: 1]))
  }

  /// The log knows exactly what it holds, so nothing is lost and nothing comes twice, wherever the crash was.
  @Test(arguments: [true, false]) func restartWithClaimedRows(wasWritten: Bool) async throws {
    var store = try folder.reopen()
    try store.journal.add(queue: (1...3).map { message($0) })
    let claims = try store.outbox.claim(limit: 2, now: at(1))
    if wasWritten {
      let channel = try LogChannel(path: log)
      _ = await channel.deliver(claims.map { Dispatch(message: $0.message) })
    }
    store = try folder.reopen()
    try await sender(store).drain()
    #expect(try Set(lines()).count == 3)
    #expect(try lines().count == 3)
    #expect(try store.outbox.counts() == OutboxCounts(settled: [.accepted: 3]))
  }

  @Test func withdrawnBeforeACrashStaysUnsent() async throws {
    var store = try folder.reopen()
    try store.journal.add(queue: [message(1), message(2)])
    _ = try store.outbox.withdraw([id(1)])
    store = try folder.reopen()
    try await sender(store).drain()
    #expect(try lines().count == 1)
    #expect(try store.outbox.counts() == OutboxCounts(settled: [.accepted: 1, .withdrawn: 1]))
  }

  /// The journal withholds what is retracted in the transaction that says so: whoever dies after it, nobody sends it.
  @Test(arguments: [true, false]) func whatTheJournalRetractsIsNotSent(restarts: Bool) async throws {
    var store = try folder.reopen()
    try store.journal.add(queue: [message(1), message(2)])
    let retracted = { (store: OpenedStore) in
      try store.journal.add(queue: [message(3), message(4), message(5)], withdraw: [id(2), id(3), id(5), id(99)])
    }
    do {
      let running = try sender(store)
      try await running.drain()
      try retracted(store)
      if !restarts { try await running.drain() }
    }
    if restarts {
      store = try folder.reopen()
      try await sender(store).drain()
    }
    #expect(try lines().count == 3, "1, 2 and 4: what was sent before stays sent")
    #expect(try store.outbox.counts() == OutboxCounts(settled: [.accepted: 3, .withdrawn: 2]))
  }

  @Test func whatIsRetractedWhileAChannelHasItIsNotTriedAgain() async throws {
    let store = try folder.reopen()
    try store.journal.add(queue: [message(1), message(2)])
    _ = try store.outbox.claim(limit: 9, now: at(1))
    try store.journal.add(withdraw: [id(1)])
    try store.outbox.requeue([1, 2].map { Retry(message: id($0), notBefore: at(2)) })
    try await sender(store).drain()
    #expect(try lines().count == 1)
    #expect(try store.outbox.counts() == OutboxCounts(settled: [.accepted: 1, .withdrawn: 1]))
  }

  @Test func fullDisk() async throws {
    var store = try folder.reopen(.init(synchronous: .off, maxPageCount: 60))
    try store.journal.add(queue: (0..<20).map { message($0) })
    while code({ try store.journal.add(size: 2000) }) == nil {}
    // A batch too large for what is left, so that what was delivered cannot be recorded.
    let channel = try LogChannel(path: log)
    let sender = Sender(outbox: store.outbox, channels: [channel], now: { at(100) }) { [store] in
      try store.journal.add(settle: $0, size: 9000)
    }
    await #expect(throws: StoreError.self) { try await sender.drain() }
    #expect(try store.outbox.counts() == OutboxCounts(claimed: 20))
    #expect(try lines().count == 20)
    store = try folder.reopen()
    let restarted = Sender(outbox: store.outbox, channels: [channel], now: { at(100) }) { [store] in
      try store.journal.add(settle: $0)
    }
    try await restarted.drain()
    #expect(try lines().count == 20)
    #expect(try store.outbox.counts() == OutboxCounts(settled: [.accepted: 20]))
  }
}
