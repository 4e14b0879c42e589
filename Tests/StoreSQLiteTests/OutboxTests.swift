import AttuneModel
import Foundation
import Store
import StoreTesting
import Synchronization
import Testing

@Suite struct OutboxTests {
  private let folder = StoreFolder()

  @Test func eachMessageGoesToOneClaimer() throws {
    let store = try folder.reopen()
    for start in stride(from: UInt64(0), to: 200, by: 50) {
      try store.journal.add(queue: (start..<start + 50).map { message($0) })
    }
    let taken = Mutex<[UInt64]>([])
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      while let claims = try? store.outbox.claim(limit: 7, now: at(1)), !claims.isEmpty {
        taken.withLock { $0 += claims.numbers }
      }
    }
    #expect(taken.withLock { $0.sorted() } == Array(0..<200))
  }
}
