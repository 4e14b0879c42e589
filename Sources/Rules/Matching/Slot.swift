import Model

/// The open attempts of one rule and key.
struct Slot: Hashable, Sendable {
  let user: String
  /// Of a first step `times: n`: the last fitting events, fewer than n. Each stands for an attempt that began with it.
  var ring: [Taken] = []
  /// Older starts first; of one start, those that took more first.
  var attempts: [Attempt] = []
  /// When its timer rings: never after the earliest deadline, sometimes before.
  var scheduled: Instant?

  init(user: String) { self.user = user }

  var isEmpty: Bool { ring.isEmpty && attempts.isEmpty }

  func nextDeadline(_ pattern: Pattern) -> Instant? {
    var earliest: Instant? = nil
    if let oldest = ring.first, let within = pattern.within { earliest = oldest.at + within }
    for attempt in attempts {
      if let deadline = attempt.nextDeadline(pattern) { earliest = min(earliest ?? deadline, deadline) }
    }
    return earliest
  }

  /// Whether an absence fires by `instant`.
  func isDue(at instant: Instant) -> Bool {
    attempts.contains { $0.isWaiting && $0.deadline ?? .distantFuture <= instant }
  }

  /// Sets the timer unless there is one that rings in time.
  mutating func schedule(_ key: SlotKey, _ pattern: Pattern) -> Timers.Entry? {
    guard let deadline = nextDeadline(pattern), scheduled.map({ deadline < $0 }) ?? true else { return nil }
    scheduled = deadline
    return Timers.Entry(deadline: deadline, key: key)
  }

  /// Does what the timer would, if it rings by `instant`.
  mutating func settle(through instant: Instant, _ place: Place, into matches: inout [Match]) {
    guard let due = scheduled, due <= instant else { return }
    scheduled = nil
    pass(to: instant, place, into: &matches)
  }

  /// Time has come to `instant`: fires what is due, in the order of the deadlines, then gives up what expired.
  private mutating func pass(to instant: Instant, _ place: Place, into matches: inout [Match]) {
    while let next = nextDeadline(place.rule.pattern), next <= instant {
      fire(at: next, place, into: &matches)
      expire(through: next, place.rule.pattern)
    }
  }

  private mutating func fire(at deadline: Instant, _ place: Place, into matches: inout [Match]) {
    var index = 0
    while index < attempts.count {
      guard attempts[index].isWaiting, let due = attempts[index].deadline, due <= deadline else {
        index += 1
        continue
      }
      let attempt = attempts[index]
      attempts[index].goesOn = false
      guard let match = place.match(attempt, at: due) else {
        index += 1
        continue
      }
      matches.append(match)
      // What it skips is dropped wherever it stands; those before `index` have been looked at.
      let prune = Prune(after: attempt, place.rule.pattern)
      let kept = attempts[..<index].count { !prune.drops($0.first.position) }
      let isDropped = prune.drops(attempt.first.position)
      drop(prune)
      index = kept + (isDropped ? 0 : 1)
    }
    attempts.removeAll(where: \.isOver)
  }

  private mutating func expire(through instant: Instant, _ pattern: Pattern) {
    for index in attempts.indices { attempts[index].expire(through: instant, pattern) }
    attempts.removeAll(where: \.isOver)
    if let within = pattern.within { ring.removeAll { $0.at + within <= instant } }
  }

  mutating func drop(_ prune: Prune) {
    attempts.removeAll { prune.drops($0.first.position) }
    ring.removeAll { prune.drops($0.position) }
  }
}
