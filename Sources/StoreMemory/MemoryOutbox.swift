import AttuneModel
import Store

/// The outbox as a plain array: slow and obvious.
struct MemoryOutbox: Outbox {
  let session: MemoryStore.Session

  func claim(
    channel: String, class: Message.Class, limit: Int, now: Instant
  ) throws(StoreError) -> [Claim] {
    try session.writing { content throws(StoreError) in
      let open = content.rows.indices.filter { place in
        let row = content.rows[place]
        return row.state == .queued && row.claim.message.channel == channel && row.claim.message.class == `class`
          && (row.claim.attempts == 0 || row.due <= now) && row.expires.map { $0 > now } ?? true
      }
      let order = open.sorted { a, b in
        let (first, second) = (content.rows[a], content.rows[b])
        if first.claim.message.priority != second.claim.message.priority {
          return first.claim.message.priority > second.claim.message.priority
        }
        let (end, other) = (first.expires ?? .distantFuture, second.expires ?? .distantFuture)
        return (end, first.due, a) < (other, second.due, b)
      }
      return content.take(order, limit, to: .claimed)
    }
  }

  func channels() throws(StoreError) -> [String] {
    try session.reading { content in
      Set(content.rows.lazy.filter { $0.state == .queued }.map(\.claim.message.channel)).sorted()
    }
  }

  func expired(limit: Int, now: Instant) throws(StoreError) -> [Claim] {
    try session.writing { content throws(StoreError) in
      let over = content.rows.indices.compactMap { place -> (Instant, Int)? in
        let row = content.rows[place]
        guard row.state == .queued, let expires = row.expires, expires <= now else { return nil }
        return (expires, place)
      }
      return content.take(over.sorted(by: <).map(\.1), limit, to: .withheld)
    }
  }

  func claimed() throws(StoreError) -> [Claim] { try list(.claimed) }

  func withheld() throws(StoreError) -> [Claim] { try list(.withheld) }

  private func list(_ state: MemoryStore.Row.State) throws(StoreError) -> [Claim] {
    try session.reading { content in content.rows.filter { $0.state == state }.map(\.claim) }
  }

  func requeue(_ retries: [Retry]) throws(StoreError) {
    try session.writing { content throws(StoreError) in
      for retry in retries {
        content.change(retry.message) { row in
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
  }

  func withdraw(_ ids: [CandidateID]) throws(StoreError) -> [CandidateID] {
    try session.writing { content throws(StoreError) in
      var withdrawn: [CandidateID] = []
      for id in ids {
        content.change(id) { row in
          guard row.state == .queued else { return }
          row.state = .withheld
          withdrawn.append(id)
        }
      }
      return withdrawn
    }
  }

  func counts() throws(StoreError) -> OutboxCounts {
    try session.reading { content in
      var counts = OutboxCounts()
      for row in content.rows {
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
  }

  func purgeSettled(before instant: Instant) throws(StoreError) -> Int {
    try session.writing { content throws(StoreError) in
      let count = content.rows.count
      content.rows.removeAll { row in
        guard case .settled = row.state else { return false }
        return row.settledAt < instant
      }
      content.places = Dictionary(uniqueKeysWithValues: content.rows.enumerated().map { ($1.claim.message.id, $0) })
      return count - content.rows.count
    }
  }
}

extension MemoryStore.Row {
  fileprivate var expires: Instant? { isRecalled ? Instant(milliseconds: 0) : claim.message.expires }
}

extension MemoryStore.Content {
  mutating func enqueue(_ messages: [Message]) throws(StoreError) {
    var new: Set<CandidateID> = []
    for message in messages where places[message.id] != nil || !new.insert(message.id).inserted {
      throw StoreError(.duplicate, "message \(message.id) is already in the outbox in memory")
    }
    for message in messages {
      places[message.id] = rows.count
      rows.append(MemoryStore.Row(claim: Claim(message: message), state: .queued, due: message.at))
    }
  }

  mutating func recall(_ ids: [CandidateID]) {
    for id in ids {
      change(id) { row in
        if row.state == .queued { row.state = .withheld }
        if row.state == .claimed { row.isRecalled = true }
      }
    }
  }

  mutating func settle(_ settlements: [Settlement], at instant: Instant) {
    for settlement in settlements {
      change(settlement.message) { row in
        if case .settled = row.state { return }
        row.state = .settled(settlement.outcome)
        row.settledAt = instant
      }
    }
  }

  fileprivate mutating func take(_ places: [Int], _ limit: Int, to state: MemoryStore.Row.State) -> [Claim] {
    places.prefix(limit).map { place in
      rows[place].state = state
      return rows[place].claim
    }
  }

  fileprivate mutating func change(_ id: CandidateID, _ body: (inout MemoryStore.Row) -> Void) {
    if let place = places[id] { body(&rows[place]) }
  }
}
