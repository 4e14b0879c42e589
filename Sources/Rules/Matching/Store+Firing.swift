import AttuneModel

// Absences whose deadline has come.
extension Store {
  /// Whether one fires by `instant`, or a match may be released.
  func isDue(_ slot: Handle, at instant: Instant) -> Bool {
    if slots[slot].held != .none { return true }
    var current = slots[slot].head
    while current != .none {
      if attempts[current].isWaiting, attempts[current].until <= instant { return true }
      current = attempts[current].next
    }
    return false
  }

  /// Fires what is due by `deadline`, in the order of the attempts.
  mutating func fire(
    _ slot: Handle, at deadline: Instant, _ rule: Rule, profile: [Property], _ limits: Matcher.Limits,
    into matches: inout [Match]
  ) {
    var key: [Value]?
    var index = 0
    // By place, because what a match skips may stand anywhere in the list.
    while let (handle, attempt) = waiting(in: slot, from: &index, due: deadline) {
      stopWaiting(handle, in: slot, rule.pattern)
      let chain = chain(endingAt: attempt.last)
      let values = key ?? values(of: slot)
      key = values
      guard let match = rule.match(chain, key: values, at: attempt.until, profile: profile) else { continue }
      matches.append(match)
      if limits.retraction > .zero { keepFired(attempt, in: slot, limits) }
      let prune = Prune(after: chain, rule.pattern)
      if prune.dropsNothing { continue }
      drop(prune, in: slot)
      index = 0
    }
    removeAttempts(in: slot) { $1.isOver || !$1.isWaiting && $1.until <= deadline }
    if let within = rule.pattern.within { popRing(slot) { $0.at + within <= deadline } }
    releaseHeld(in: slot, at: deadline, rule, profile: profile, into: &matches)
  }

  private func waiting(in slot: Handle, from index: inout Int, due deadline: Instant) -> (Handle, Attempt)? {
    var current = slots[slot].head
    var place = 0
    while current != .none {
      let attempt = attempts[current]
      if place >= index, attempt.isWaiting, attempt.until <= deadline {
        index = place + 1
        return (current, attempt)
      }
      place += 1
      current = attempt.next
    }
    return nil
  }
}
