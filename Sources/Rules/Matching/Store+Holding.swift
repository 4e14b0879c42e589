import AttuneModel

// Matches held back, as in Flink, until no attempt that began before theirs is open. Their instants stay what they were.
extension Store {
  /// Whether a match that began at `start` has to wait: for an earlier attempt, or for its turn among those that do.
  func hasToWait(_ start: Position, in slot: Handle, at now: Instant) -> Bool {
    slots[slot].held != .none || isOpen(before: start, in: slot, at: now)
  }

  private func isOpen(before start: Position, in slot: Handle, at now: Instant) -> Bool {
    // Older starts stand first.
    var current = slots[slot].head
    while current != .none, attempts[current].until <= now { current = attempts[current].next }
    return current != .none && taken[attempts[current].first].position < start
  }

  /// Puts a complete chain, with the reference to its end, among those held back.
  mutating func hold(_ last: Handle, at: Instant, in slot: Handle) {
    var first = last
    while taken[first].previous != .none { first = taken[first].previous }
    var before = Handle.none
    var current = slots[slot].held
    while current != .none, taken[attempts[current].first].position <= taken[first].position {
      before = current
      current = attempts[current].next
    }
    let handle = attempts.add(Attempt(first: first, last: last, until: at, options: [], next: current))
    if before == .none { slots[slot].held = handle } else { attempts[before].next = handle }
    slots[slot].count += 1
  }

  /// Makes matches of those that need not wait any longer; each may skip others.
  mutating func releaseHeld(
    in slot: Handle, at now: Instant, _ rule: Rule, profile: [Property], into matches: inout [Match]
  ) {
    while isFree(slot, at: now) {
      let handle = slots[slot].held
      let held = attempts[handle]
      slots[slot].held = held.next
      slots[slot].count -= 1
      attempts.remove(handle)
      let chain = chain(endingAt: held.last)
      release(held.last)
      guard let match = rule.match(chain, key: values(of: slot), at: held.until, profile: profile) else { continue }
      matches.append(match)
      drop(Prune(after: chain, rule.pattern), in: slot)
    }
    if slots[slot].held != .none { scheduleRelease(of: slot, after: now) }
  }

  /// Sets the timer by the oldest attempt; those that are over give none.
  private mutating func scheduleRelease(of slot: Handle, after now: Instant) {
    removeAttempts(in: slot) { $1.until <= now }
    schedule(slot)
  }

  /// Whether the first of those held back need not wait any longer.
  func isFree(_ slot: Handle, at now: Instant) -> Bool {
    let held = slots[slot].held
    return held != .none && !isOpen(before: taken[attempts[held].first].position, in: slot, at: now)
  }

  /// After attempts went without an event or a timer, which would have seen to it.
  mutating func wakeHeld(in slot: Handle, at now: Instant) {
    if slots[slot].held == .none { return }
    if isFree(slot, at: now) { ring(slot, at: now) } else { scheduleRelease(of: slot, after: now) }
  }
}
