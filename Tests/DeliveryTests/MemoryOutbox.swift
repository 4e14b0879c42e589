import AttuneModel
import Store
import Synchronization

/// An outbox in memory that can be told to fail. `settle` is the journal's part.
final class MemoryOutbox: Outbox {
  struct Row {
    var claim: Claim
    var state = State.queued
    var due = Instant.distantPast
    var settlement: Settlement?
  }

  enum State: Equatable {
    case queued, claimed, withheld
    case settled(Settlement.Outcome)
  }

  private let rows: Mutex<[Row]>
  private let failures = Mutex(0)
  private let calls = Mutex(0)

  init(_ messages: [Message], state: State = .queued, doubtful: Bool = false) {
    rows = Mutex(messages.map { Row(claim: Claim(message: $0, doubtful: doubtful), state: state) })
  }

  /// The next calls, so many, throw.
  func fail(_ times: Int) { failures.withLock { $0 = times } }

  var claims: Int { calls.withLock { $0 } }

  func add(_ messages: [Message]) { rows.withLock { $0 += messages.map { Row(claim: Claim(message: $0)) } } }

  func states() -> [State] { rows.withLock { $0.map(\.state) } }
  func due() -> [Instant] { rows.withLock { $0.map(\.due) } }
  func settlements() -> [Settlement?] { rows.withLock { $0.map(\.settlement) } }
  func attempts() -> [Int] { rows.withLock { $0.map(\.claim.attempts) } }

  func settle(_ settlements: [Settlement]) throws(StoreError) {
    try mayFail()
    for settlement in settlements {
      change { row in
        if case .settled = row.state { return false }
        guard row.claim.message.id == settlement.message else { return false }
        row.state = .settled(settlement.outcome)
        row.settlement = settlement
        return true
      }
    }
  }

  func claim(
    channel: String, class: Message.Class, limit: Int, now: Instant
  ) throws(StoreError) -> [Claim] {
    calls.withLock { $0 += 1 }
    try mayFail()
    return change(limit) { row in
      let message = row.claim.message
      guard row.state == .queued, message.channel == channel, message.class == `class`, row.due <= now,
        message.expires.map({ $0 > now }) ?? true
      else { return false }
      row.state = .claimed
      return true
    }
  }

  func expired(limit: Int, now: Instant) throws(StoreError) -> [Claim] {
    try mayFail()
    return change(limit) { row in
      guard row.state == .queued, row.claim.message.expires.map({ $0 <= now }) ?? false else { return false }
      row.state = .withheld
      return true
    }
  }

  func claimed() throws(StoreError) -> [Claim] { rows.withLock { $0.filter { $0.state == .claimed }.map(\.claim) } }
  func withheld() throws(StoreError) -> [Claim] { rows.withLock { $0.filter { $0.state == .withheld }.map(\.claim) } }

  func requeue(_ retries: [Retry]) throws(StoreError) {
    try mayFail()
    for retry in retries {
      change { row in
        guard row.state == .claimed, row.claim.message.id == retry.message else { return false }
        row.state = .queued
        if retry.isAttempt {
          row.due = retry.notBefore
          row.claim.attempts += 1
        }
        row.claim.doubtful = row.claim.doubtful || retry.doubtful
        return true
      }
    }
  }

  func withdraw(_ ids: [CandidateID]) throws(StoreError) -> [CandidateID] {
    change { row in
      guard row.state == .queued, ids.contains(row.claim.message.id) else { return false }
      row.state = .withheld
      return true
    }.map(\.message.id)
  }

  func channels() throws(StoreError) -> [String] {
    rows.withLock { Set($0.filter { $0.state == .queued }.map(\.claim.message.channel)) }.sorted()
  }

  func counts() throws(StoreError) -> OutboxCounts { OutboxCounts(queued: states().count { $0 == .queued }) }

  private func mayFail() throws(StoreError) {
    let fails = failures.withLock { failures in
      defer { failures = max(0, failures - 1) }
      return failures > 0
    }
    if fails { throw StoreError(.diskFull, "no room") }
  }

  func purgeSettled(before instant: Instant) throws(StoreError) -> Int { 0 }

  @discardableResult
  private func change(_ limit: Int = .max, _ body: (inout Row) -> Bool) -> [Claim] {
    rows.withLock { rows in
      var changed: [Claim] = []
      for index in rows.indices where changed.count < limit && body(&rows[index]) { changed.append(rows[index].claim) }
      return changed
    }
  }
}
