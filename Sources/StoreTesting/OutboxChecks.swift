import AttuneModel
import Store

extension StoreConformance {
  /// Claims, retries, settlements; and that an append is one transaction with them.
  public static let outbox: [Check] = [
    Check("outbox: an append is one transaction", oneTransaction),
    Check("outbox: queued, claimed, withheld, settled", states),
    Check("outbox: a retry takes its turn") { place in
      let store = try place.reopen()
      try store.journal.add(queue: [StoreSamples.message(1, at: 1)])
      _ = try store.outbox.claim(limit: 1, now: StoreSamples.at(1))
      try store.outbox.requeue([Retry(message: StoreSamples.id(1), notBefore: StoreSamples.at(5))])
      try store.journal.add(queue: [StoreSamples.message(2, at: 4), StoreSamples.message(3, at: 6)])
      try equal(try store.outbox.claim(limit: 9, now: StoreSamples.at(7)).numbers, [2, 1, 3])
    },
    Check("outbox: a first try does not wait for the clock") { place in
      let store = try place.reopen()
      try store.journal.add(queue: [StoreSamples.message(1, at: 100)])
      try equal(try store.outbox.claim(limit: 9, now: StoreSamples.at(50)).numbers, [1])
    },
    Check("outbox: every channel and class for itself") { place in
      let store = try place.reopen()
      try store.journal.add(queue: [
        StoreSamples.message(1, channel: "apns"), StoreSamples.message(2),
        StoreSamples.message(3, channel: "apns", class: .transactional), StoreSamples.message(4, channel: "zebra"),
        StoreSamples.message(5, channel: "apns"),
      ])
      try equal(try store.outbox.channels(), ["apns", "log", "zebra"])
      func claim(_ channel: String, _ class: Message.Class) throws -> [UInt64] {
        try store.outbox.claim(channel: channel, class: `class`, limit: 9, now: StoreSamples.at(1)).numbers
      }
      try equal(try claim("apns", .transactional), [3])
      try equal(try claim("apns", .marketing), [1, 5])
      try equal(try claim("log", .transactional), [])
      try equal(try claim("nobody", .marketing), [])
      try equal(try store.outbox.channels(), ["log", "zebra"], "only of what waits")
    },
    Check("outbox: the higher priority, then the nearer expiry, then the older") { place in
      let store = try place.reopen()
      try store.journal.add(queue: [
        StoreSamples.message(1, at: 3), StoreSamples.message(2, at: 2), StoreSamples.message(3, at: 1, expires: 90),
        StoreSamples.message(4, at: 5, expires: 80), StoreSamples.message(5, at: 9, priority: 2),
        StoreSamples.message(6, at: 8, expires: 99, priority: 2), StoreSamples.message(7, priority: -1),
      ])
      try equal(try store.outbox.claim(limit: 9, now: StoreSamples.at(10)).numbers, [6, 5, 4, 3, 2, 1, 7])
    },
    Check("outbox: what was no attempt goes back as it was") { place in
      let store = try place.reopen()
      try store.journal.add(queue: [StoreSamples.message(1, at: 1), StoreSamples.message(2, at: 2)])
      let claims = try store.outbox.claim(limit: 9, now: StoreSamples.at(3))
      try store.outbox.requeue(
        claims.map { Retry(message: $0.message.id, notBefore: StoreSamples.at(900), isAttempt: false) })
      try equal(try store.outbox.claim(limit: 9, now: StoreSamples.at(4)), claims)
    },
    Check("outbox: settled messages are forgotten by the journal's clock") { place in
      let store = try place.reopen()
      try store.journal.add(queue: (1...4).map { StoreSamples.message($0) })
      try store.journal.add(settle: [Settlement(message: StoreSamples.id(1), outcome: .accepted)])
      try store.journal.add(settle: [Settlement(message: StoreSamples.id(2), outcome: .unknown)])
      _ = try store.outbox.claim(limit: 1, now: StoreSamples.at(0))
      try equal(try store.outbox.purgeSettled(before: StoreSamples.at(3)), 1)
      try equal(
        try store.outbox.counts(),
        OutboxCounts(queued: 1, claimed: 1, settled: [.unknown: 1], oldestQueued: StoreSamples.at(0)))
      try equal(try store.outbox.purgeSettled(before: .distantFuture), 1)
      try store.journal.add(settle: [Settlement(message: StoreSamples.id(4), outcome: .failed)])
      try equal(try store.outbox.counts().settled, [.failed: 1])
    },
    Check("outbox: extremes") { place in
      let store = try place.reopen()
      var odd = StoreSamples.message(1, body: "")
      odd.id = CandidateID(partition: Partition.count - 1, number: (1 << 48) - 1)
      odd.at = .distantFuture
      odd.expires = .distantFuture
      odd.user = "null\0 and \u{FFFF}"
      try store.journal.add(queue: [odd])
      try equal(try store.outbox.claim(limit: 1, now: .distantPast).map(\.message), [odd])
      try store.outbox.requeue([Retry(message: odd.id, notBefore: .distantPast)])
      try equal(try store.outbox.expired(limit: 1, now: .distantFuture).map(\.message), [odd])
    },
  ]

  @Sendable private static func oneTransaction(_ place: Place) throws {
    var store = try place.reopen()
    try store.journal.add(queue: [StoreSamples.message(1), StoreSamples.message(2)])
    // The third one's id is taken, so neither the batch, nor message 3, nor the settlement may stay.
    let refused = storeErrorCode {
      try store.journal.add(
        queue: [StoreSamples.message(3), StoreSamples.message(1)],
        settle: [Settlement(message: StoreSamples.id(2), outcome: .failed)])
    }
    try equal(refused, .duplicate)
    for _ in 0..<2 {
      try equal(store.journal.lastSequence, 1)
      try equal(try store.journal.all().map(\.sequence), [1])
      try equal(try store.history.all(), [StoreSamples.history(1)])
      try equal(try store.outbox.counts(), OutboxCounts(queued: 2, oldestQueued: StoreSamples.at(0)))
      store = try place.reopen()
    }
    try store.journal.add(
      queue: [StoreSamples.message(3)],
      settle: [1, 2, 3, 99].map { Settlement(message: StoreSamples.id($0), outcome: .accepted) })
    try equal(try store.outbox.counts(), OutboxCounts(settled: [.accepted: 3]))
    try store.journal.add(settle: [Settlement(message: StoreSamples.id(1), outcome: .failed)])
    try equal(try store.outbox.counts(), OutboxCounts(settled: [.accepted: 3]), "the first settlement stands")
    try equal(
      storeErrorCode { try store.journal.add(queue: [StoreSamples.message(1)]) }, .duplicate,
      "settled, and still decided once")
  }

  @Sendable private static func states(_ place: Place) throws {
    var store = try place.reopen()
    let (at, id) = (StoreSamples.at, StoreSamples.id)
    let expiring = StoreSamples.message(13, at: 30, expires: 100)
    try store.journal.add(queue: [
      StoreSamples.message(12, at: 20), StoreSamples.message(11, at: 10), expiring,
      StoreSamples.message(14, at: 40, expires: 50),
    ])
    try equal(try store.outbox.counts().oldestQueued, at(10))
    try equal(
      try store.outbox.claim(limit: 1, now: at(50)).map(\.message), [expiring], "the nearest to its expiry first")
    try equal(try store.outbox.claim(limit: 9, now: at(50)).numbers, [11, 12])
    try equal(try store.outbox.claim(limit: 9, now: at(50)), [])
    try equal(try store.outbox.expired(limit: 9, now: at(49)), [])
    try equal(try store.outbox.expired(limit: 9, now: at(50)).numbers, [14])
    store = try place.reopen()
    try equal(try store.outbox.claimed().numbers, [12, 11, 13])
    try equal(try store.outbox.withheld().numbers, [14])

    try store.outbox.requeue([
      Retry(message: id(12), notBefore: at(60), doubtful: true), Retry(message: id(11), notBefore: at(70)),
      Retry(message: id(14), notBefore: at(0)), Retry(message: id(1), notBefore: at(0)),
    ])
    try equal(try store.outbox.claim(limit: 9, now: at(59)), [], "withheld ones do not come back")
    let again = try store.outbox.claim(limit: 9, now: at(60))
    try equal(again, [Claim(message: StoreSamples.message(12, at: 20), attempts: 1, doubtful: true)])
    try store.outbox.requeue([Retry(message: id(12), notBefore: at(61))])
    try equal(try store.outbox.claim(limit: 1, now: at(61)).first?.doubtful, true, "a doubt stays")

    try equal(try store.outbox.withdraw([11, 12, 13, 14, 1, 77].map(id)), [id(11)])
    try equal(try store.outbox.claim(limit: 9, now: at(1000)), [])
    try equal(try store.outbox.withheld().numbers, [11, 14])
    try equal(try store.outbox.counts(), OutboxCounts(claimed: 2, withheld: 2))
    // Retracted by the journal: withheld while it is queued; while it is claimed it has its last try.
    try store.journal.add(queue: [StoreSamples.message(15)], withdraw: [id(15), id(12), id(99)])
    try store.outbox.requeue([Retry(message: id(12), notBefore: at(0))])
    try equal(try store.outbox.claim(limit: 9, now: at(1000)), [])
    try equal(try store.outbox.expired(limit: 9, now: at(1000)).numbers, [12])
    try equal(try store.outbox.withheld().numbers, [12, 11, 14, 15])
  }
}
