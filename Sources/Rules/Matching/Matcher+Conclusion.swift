import AttuneModel

// How attempts end in a match.
extension Matcher {
  /// Makes matches of complete chains, in their order, or holds them back; gives up the references to them.
  mutating func conclude(
    _ finished: [Handle], _ arrival: Arrival, in slot: Handle, into matches: inout [Match]
  ) {
    var skipped: [SkippedStarts] = []
    for last in finished {
      let chain = store.chains.chain(endingAt: last)
      guard let first = chain.first, !skipped.contains(where: { $0.contains(first.position) }) else {
        store.chains.release(last)
        continue
      }
      if arrival.plan.holdsBack, hasToWait(first.position, in: slot, at: arrival.at) {
        if Int(store.slots[slot].count) < limits.attempts {
          store.hold(last, at: arrival.at, in: slot)
        } else {
          store.chains.release(last)
          refusedAttempts += 1
        }
        continue
      }
      store.chains.release(last)
      let match = arrival.rule.match(
        chain, key: store.slots.key(of: slot), at: arrival.at, profile: arrival.profile)
      guard let match else { continue }
      matches.append(match)
      let starts = SkippedStarts(after: chain, arrival.pattern)
      if starts.isEmpty { continue }
      if finished.count > 1 { skipped.append(starts) }
      store.removeStarts(in: slot, where: starts.contains)
    }
  }

  /// Whether a match that began at `start` is held back, as in Flink: for an attempt that began earlier, or for its turn
  /// among those that are. Its instant stays what it was.
  private func hasToWait(_ start: EventPosition, in slot: Handle, at now: Instant) -> Bool {
    store.slots[slot].held != .none || store.isOpen(before: start, in: slot, at: now)
  }

  /// Makes matches of those that need not wait any longer; each may skip others.
  mutating func releaseHeld(
    in slot: Handle, at now: Instant, _ rule: Rule, profile: [Property], into matches: inout [Match]
  ) {
    while store.isFree(slot, at: now) {
      let held = store.popHeld(slot)
      let chain = store.chains.chain(endingAt: held.last)
      store.chains.release(held.last)
      let match = rule.match(chain, key: store.slots.key(of: slot), at: held.until, profile: profile)
      guard let match else { continue }
      matches.append(match)
      store.removeStarts(in: slot, where: SkippedStarts(after: chain, rule.pattern).contains)
    }
    if store.slots[slot].held != .none { store.scheduleRelease(of: slot, after: now) }
  }

  /// Fires the absences that are due by `deadline`, in the order of the attempts.
  mutating func fire(
    _ slot: Handle, at deadline: Instant, _ rule: Rule, profile: [Property], into matches: inout [Match]
  ) {
    var key: [Value]?
    var place = 0
    // By place, because what a match skips may stand anywhere in the list.
    while let (handle, attempt) = store.waiting(in: slot, from: &place, due: deadline) {
      store.stopWaiting(handle, in: slot, rule.pattern)
      let chain = store.chains.chain(endingAt: attempt.last)
      let values = key ?? store.slots.key(of: slot)
      key = values
      guard let match = rule.match(chain, key: values, at: attempt.until, profile: profile) else { continue }
      matches.append(match)
      if limits.retraction > .zero {
        store.keepFired(attempt, in: slot, retraction: limits.retraction, most: limits.attempts)
      }
      let starts = SkippedStarts(after: chain, rule.pattern)
      if starts.isEmpty { continue }
      store.removeStarts(in: slot, where: starts.contains)
      place = 0
    }
    store.removeAttempts(in: slot) { $1.isOver || !$1.isWaiting && $1.until <= deadline }
    if let within = rule.pattern.within { store.popRing(slot) { $0.at + within <= deadline } }
    releaseHeld(in: slot, at: deadline, rule, profile: profile, into: &matches)
  }
}
