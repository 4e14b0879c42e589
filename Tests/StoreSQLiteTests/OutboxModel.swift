import AttuneModel

/// The outbox as plain arrays: slow and obvious.
struct OutboxModel {
  enum State: Equatable {
    case queued, claimed, withheld
    case settled(Settlement.Outcome)
  }

  private struct Row {
    var claim: Claim
    var state = State.queued
    var due: Instant
    /// Asked back while it was claimed.
    var isRecalled = false
  }

  private var rows: [Row] = []

  mutating func append(_ messages: [Message], withdraw: [CandidateID] = [], _ settlements: [Settlement]) {
    rows += messages.map { Row(claim: Claim(message: $0), due: $0.at) }
    change(withdraw) { row in
      if row.state == .queued { row.state = .withheld }
      if row.state == .claimed { row.isRecalled = true }
    }
    for settlement in settlements {
      change([settlement.message]) { row in
        if case .settled = row.state { return }
        row.state = .settled(settlement.outcome)
      }
    }
  }

  mutating func claim(_ class: Message.Class, _ limit: Int, _ now: Instant) -> [Claim] {
    let open = rows.enumerated().filter { _, row in
      row.state == .queued && row.claim.message.class == `class` && (row.claim.attempts == 0 || row.due <= now)
        && row.claim.message.expires.map { $0 > now } ?? true && !row.isRecalled
    }
    let order = open.sorted { a, b in
      let (first, second) = (a.element.claim.message, b.element.claim.message)
      if first.priority != second.priority { return first.priority > second.priority }
      let (end, other) = (first.expires ?? .distantFuture, second.expires ?? .distantFuture)
      return (end, a.element.due, a.offset) < (other, b.element.due, b.offset)
    }
    return take(order.map(\.offset), limit, .claimed)
  }

  mutating func expired(_ limit: Int, _ now: Instant) -> [Claim] {
    let over = rows.enumerated().compactMap { offset, row -> (Instant, Int)? in
      let end = row.isRecalled ? Instant(milliseconds: 0) : row.claim.message.expires
      guard row.state == .queued, let expires = end, expires <= now else { return nil }
      return (expires, offset)
    }
    return take(over.sorted(by: <).map(\.1), limit, .withheld)
  }

  mutating func requeue(_ retries: [Retry]) {
    for retry in retries {
      change([retry.message]) { row in
        guard row.state == .claimed else { return }
        row.state = .queued
        if retry.isAttempt {
          row.due = retry.notBefore
          row.claim.attempts += 1
        }
        row.claim.doubtful = row.claim.doubtful || retry.doubtful
      }
    }
  }

  mutating func withdraw(_ ids: [CandidateID]) -> [CandidateID] {
    var withdrawn: [CandidateID] = []
    change(ids) { row in
      guard row.state == .queued else { return }
      row.state = .withheld
      withdrawn.append(row.claim.message.id)
    }
    return withdrawn
  }

  func list(_ state: State) -> [Claim] { rows.filter { $0.state == state }.map(\.claim) }

  var counts: OutboxCounts {
    var counts = OutboxCounts()
    for row in rows {
      switch row.state {
      case .queued:
        counts.queued += 1
        counts.oldestQueued = min(counts.oldestQueued ?? .distantFuture, row.claim.message.at)
      case .claimed: counts.claimed += 1
      case .withheld: counts.withheld += 1
      case .settled(let outcome): counts.settled[outcome, default: 0] += 1
      }
    }
    return counts
  }

  private mutating func take(_ offsets: [Int], _ limit: Int, _ state: State) -> [Claim] {
    offsets.prefix(limit).map { offset in
      rows[offset].state = state
      return rows[offset].claim
    }
  }

  private mutating func change(_ ids: [CandidateID], _ body: (inout Row) -> Void) {
    for id in ids {
      for index in rows.indices where rows[index].claim.message.id == id { body(&rows[index]) }
    }
  }
}
