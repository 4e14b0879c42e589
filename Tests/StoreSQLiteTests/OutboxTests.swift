import AttuneModel
import Foundation
import Store
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

  @Test func retriesTakeTheirTurn() throws {
    let store = try folder.reopen()
    try store.journal.add(queue: [message(1, at: 1)])
    _ = try store.outbox.claim(limit: 1, now: at(1))
    try store.outbox.requeue([Retry(message: id(1), notBefore: at(5))])
    try store.journal.add(queue: [message(2, at: 4), message(3, at: 6)])
    #expect(try store.outbox.claim(limit: 9, now: at(7)).numbers == [2, 1, 3])
  }

  @Test func firstTryDoesNotWaitForTheClock() throws {
    let store = try folder.reopen()
    try store.journal.add(queue: [message(1, at: 100)])
    #expect(try store.outbox.claim(limit: 9, now: at(50)).numbers == [1], "the clock was set back since it was decided")
  }

  @Test func everyChannelAndClassForItself() throws {
    let store = try folder.reopen()
    func other(_ number: UInt64, _ channel: String, _ class: Message.Class = .marketing) -> Message {
      var message = message(number, class: `class`)
      message.channel = channel
      return message
    }
    try store.add(queue: [
      other(1, "apns"), other(2, "log"), other(3, "apns", .transactional), other(4, "zebra"), other(5, "apns"),
    ])
    #expect(try store.outbox.channels() == ["apns", "log", "zebra"])
    func claim(_ channel: String, _ class: Message.Class) throws -> [UInt64] {
      try store.outbox.claim(channel: channel, class: `class`, limit: 9, now: at(1)).numbers
    }
    #expect(try claim("apns", .transactional) == [3])
    #expect(try claim("apns", .marketing) == [1, 5])
    #expect(try claim("log", .transactional) == [])
    #expect(try claim("nobody", .marketing) == [])
    #expect(try store.outbox.channels() == ["log", "zebra"], "only of what waits")
  }

  @Test func thePriorThenTheNearerThenTheOlder() throws {
    let store = try folder.reopen()
    try store.add(queue: [
      message(1, at: 3), message(2, at: 2), message(3, at: 1, expires: 90), message(4, at: 5, expires: 80),
      message(5, at: 9, priority: 2), message(6, at: 8, expires: 99, priority: 2), message(7, priority: -1),
    ])
    #expect(try store.outbox.claim(limit: 9, now: at(10)).numbers == [6, 5, 4, 3, 2, 1, 7])
  }

  @Test func whatWasNoAttemptGoesBackAsItWas() throws {
    let store = try folder.reopen()
    try store.add(queue: [message(1, at: 1), message(2, at: 2)])
    let claims = try store.outbox.claim(limit: 9, now: at(3))
    try store.outbox.requeue(claims.map { Retry(message: $0.message.id, notBefore: at(900), isAttempt: false) })
    #expect(try store.outbox.claim(limit: 9, now: at(4)) == claims)
  }

  @Test func purge() throws {
    let store = try folder.reopen()
    try store.journal.add(queue: (1...4).map { message($0) })
    try store.journal.add(settle: [Settlement(message: id(1), outcome: .accepted)])
    try store.journal.add(settle: [Settlement(message: id(2), outcome: .unknown)])
    _ = try store.outbox.claim(limit: 1, now: at(0))
    #expect(try store.outbox.purgeSettled(before: at(3)) == 1)
    #expect(
      try store.outbox.counts() == OutboxCounts(queued: 1, claimed: 1, settled: [.unknown: 1], oldestQueued: at(0)))
    #expect(try store.outbox.purgeSettled(before: .distantFuture) == 1)
  }

  @Test func extremes() throws {
    let store = try folder.reopen()
    var odd = message(1, body: "")
    odd.id = CandidateID(partition: 63, number: (1 << 48) - 1)
    odd.at = .distantFuture
    odd.expires = .distantFuture
    odd.user = "null\0 and \u{FFFF}"
    try store.journal.add(queue: [odd])
    #expect(try store.outbox.claim(limit: 1, now: .distantPast).map(\.message) == [odd])
    try store.outbox.requeue([Retry(message: odd.id, notBefore: .distantPast)])
    #expect(try store.outbox.expired(limit: 1, now: .distantFuture).map(\.message) == [odd])
  }

  /// Random calls, with reopenings, against plain arrays.
  @Test(arguments: 1...6) func likeTheModel(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var store = try folder.reopen()
    var model = OutboxModel()
    var clock: Int64 = 0
    var next: UInt64 = 1
    for step in 0..<150 {
      clock += Int64.random(in: 0...3, using: &random)
      let some = (0..<3).map { _ in id(UInt64.random(in: 1...next, using: &random)) }
      let place: Comment = "seed \(seed), step \(step)"
      switch Int.random(in: 0..<8, using: &random) {
      case 0, 1:
        let new = (0..<UInt64.random(in: 0...4, using: &random)).map { offset in
          message(
            next + offset, at: clock, expires: Bool.random(using: &random) ? clock + 5 : nil,
            class: Bool.random(using: &random) ? .marketing : .transactional,
            priority: Int.random(in: 0...2, using: &random))
        }
        next += UInt64(new.count)
        let outcome = Settlement.Outcome.allCases.randomElement(using: &random) ?? .accepted
        let settlements = some.map { Settlement(message: $0, outcome: outcome) }
        let recalled = (0..<2).map { _ in id(UInt64.random(in: 1...next, using: &random)) }
        try store.journal.add(queue: new, withdraw: recalled, settle: settlements)
        model.append(new, withdraw: recalled, settlements)
      case 2, 3:
        let kind = Message.Class.allCases[Int.random(in: 0...1, using: &random)]
        let claims = try store.outbox.claim(channel: "log", class: kind, limit: 3, now: at(clock))
        #expect(claims == model.claim(kind, 3, at(clock)), place)
      case 4: #expect(try store.outbox.expired(limit: 2, now: at(clock)) == model.expired(2, at(clock)), place)
      case 5:
        let retries = some.map {
          Retry(
            message: $0, notBefore: at(clock + 2), doubtful: Bool.random(using: &random),
            isAttempt: Int.random(in: 0..<4, using: &random) > 0)
        }
        try store.outbox.requeue(retries)
        model.requeue(retries)
      case 6: #expect(try store.outbox.withdraw(some) == model.withdraw(some), place)
      default: store = try folder.reopen()
      }
      #expect(try store.outbox.claimed() == model.list(.claimed), place)
      #expect(try store.outbox.withheld() == model.list(.withheld), place)
      #expect(try store.outbox.counts() == model.counts, place)
    }
  }
}
