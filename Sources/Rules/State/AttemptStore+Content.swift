import AttuneModel

// What of a slot is content at an instant; memory may hold more for a while.
extension AttemptStore {
  /// Slots with content.
  func live(now: Instant, retraction: TimeSpan) -> [Handle] {
    slots.handles.filter { !slots[$0].isVacant && !isOver($0, by: now, retraction: retraction) }
  }

  /// Its attempts that are not over.
  func open(_ slot: Handle, now: Instant) -> [Attempt] {
    list(from: slots[slot].head).filter { $0.isWaiting || $0.until > now }
  }

  /// Absences that fired and can still be retracted.
  func fired(_ slot: Handle, now: Instant, retraction: TimeSpan) -> [Attempt] {
    list(from: slots[slot].fired).filter { $0.until + retraction > now }
  }

  private func isOver(_ slot: Handle, by now: Instant, retraction: TimeSpan) -> Bool {
    let hasRing = slots[slot].ring != .none && slots[slot].ringUntil > now
    return !hasRing && slots[slot].held == .none && open(slot, now: now).isEmpty
      && fired(slot, now: now, retraction: retraction).isEmpty
  }

  func list(from head: Handle) -> [Attempt] {
    var list: [Attempt] = []
    var current = head
    while current != .none {
      list.append(attempts[current])
      current = attempts[current].next
    }
    return list
  }

  /// Whether an absence fires by `instant`, or a match may be released.
  func isDue(_ slot: Handle, at instant: Instant) -> Bool {
    if slots[slot].held != .none { return true }
    var current = slots[slot].head
    while current != .none {
      if attempts[current].isWaiting, attempts[current].until <= instant { return true }
      current = attempts[current].next
    }
    return false
  }

  /// The next attempt from a place in the list on whose wait is over by `deadline`; the place moves past it.
  func waiting(in slot: Handle, from place: inout Int, due deadline: Instant) -> (Handle, Attempt)? {
    var current = slots[slot].head
    var index = 0
    while current != .none {
      let attempt = attempts[current]
      if index >= place, attempt.isWaiting, attempt.until <= deadline {
        place = index + 1
        return (current, attempt)
      }
      index += 1
      current = attempt.next
    }
    return nil
  }

  /// Whether some attempt that began before `start` is open.
  func isOpen(before start: EventPosition, in slot: Handle, at now: Instant) -> Bool {
    // Older starts stand first.
    var current = slots[slot].head
    while current != .none, attempts[current].until <= now { current = attempts[current].next }
    return current != .none && chains[attempts[current].first].position < start
  }

  /// Whether the first of the matches held back need not wait any longer.
  func isFree(_ slot: Handle, at now: Instant) -> Bool {
    let held = slots[slot].held
    return held != .none && !isOpen(before: chains[attempts[held].first].position, in: slot, at: now)
  }
}
