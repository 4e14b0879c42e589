import AttuneModel

// When attempts end.
extension Store {
  func deadline(of attempt: Attempt, _ pattern: Pattern) -> Instant {
    let deadline =
      switch pattern.absence {
      case .after(let span): taken[attempt.last].at + span
      case .untilWithin: taken[attempt.first].at + (pattern.within ?? .zero)
      case nil: Instant.distantFuture
      }
    return min(deadline, .endOfWaits)
  }

  /// From when on no event can take it further.
  func expiry(of attempt: Attempt, _ pattern: Pattern) -> Instant {
    let expiry = pattern.within.map { min(taken[attempt.first].at + $0, .endOfWaits) } ?? .endOfWaits
    guard pattern.plan.hasGaps else { return expiry }
    let last = taken[attempt.last]
    var latest = Instant.distantPast
    func allow(_ gap: TimeSpan?) { latest = max(latest, gap.map { last.at + $0 } ?? .distantFuture) }
    if attempt.options.contains(.repeat), last.step < pattern.plan.steps.count {
      allow(pattern.plan.steps[last.step].gap)
    }
    if attempt.options.contains(.close) { latest = .distantFuture }
    var entries = attempt.options.entries & ((1 << UInt32(pattern.plan.steps.count)) - 1)
    while entries != 0 {
      allow(pattern.plan.steps[entries.trailingZeroBitCount].gap)
      entries &= entries - 1
    }
    return min(expiry, latest)
  }

  /// The bits of `Slot.watch`: steps it may take an event for, and steps whose absences concern it.
  func watch(of attempt: Attempt, _ pattern: Pattern) -> UInt32 {
    let step = taken[attempt.last].step
    var bits = attempt.options.entries
    if attempt.options.contains(.repeat) { bits |= 1 << UInt32(step) }
    let onward = attempt.options.subtracting([.repeat, .fresh])
    if !onward.isEmpty {
      // Everything from its step up to the last one it may pass over.
      let end =
        onward.isDisjoint(with: [.wait, .close]) ? 31 - onward.entries.leadingZeroBitCount : pattern.plan.steps.count
      for passed in step..<max(step, min(end, pattern.plan.steps.count)) where pattern.plan.steps[passed].isGreedy {
        bits |= 1 << UInt32(passed)
      }
      bits |= ((1 << UInt32(end)) &- (1 << UInt32(step))) << 16
    }
    return bits
  }

  /// Adds an attempt at the end of the list, and keeps in mind what concerns it.
  mutating func append(_ attempt: Attempt, in slot: Handle, _ pattern: Pattern) {
    _ = insert(attempt, after: slots[slot].tail, in: slot)
    slots[slot].watch |= watch(of: attempt, pattern)
  }

  /// Sets the timer unless there is one that rings in time.
  mutating func schedule(_ slot: Handle) {
    var earliest = Instant.distantFuture
    var current = slots[slot].head
    while current != .none {
      if attempts[current].isWaiting { earliest = min(earliest, attempts[current].until) }
      current = attempts[current].next
    }
    // What is held back waits for the oldest start at least.
    let (held, head) = (slots[slot].held, slots[slot].head)
    if held != .none, head != .none { earliest = min(earliest, attempts[head].until) }
    ring(slot, at: earliest)
  }

  /// Sets the timer if there is none that rings before.
  mutating func ring(_ slot: Handle, at instant: Instant) {
    guard instant < slots[slot].scheduled else { return }
    slots[slot].scheduled = instant
    deadlines.add(Deadlines.Entry(at: instant, slot: slot))
  }
}

extension Instant {
  /// Before the end of time, so that every wait comes to its end.
  fileprivate static let endOfWaits = Instant(milliseconds: .max - 1)
}
