import AttuneModel

// The list of a slot's attempts, its ring, and what fired.
extension Store {
  /// Puts an attempt behind another one, or in front of all.
  mutating func insert(_ attempt: Attempt, after before: Handle, in slot: Handle) -> Handle {
    var attempt = attempt
    attempt.next = before == .none ? slots[slot].head : attempts[before].next
    let handle = attempts.add(attempt)
    if before == .none { slots[slot].head = handle } else { attempts[before].next = handle }
    if attempt.next == .none { slots[slot].tail = handle }
    slots[slot].count += 1
    slots[slot].expiry = max(slots[slot].expiry, attempt.until)
    return handle
  }

  /// Takes the attempt behind another one out of the list, and returns the one that follows. Its chain is not released.
  mutating func unlink(_ handle: Handle, after before: Handle, in slot: Handle) -> Handle {
    let next = attempts[handle].next
    if before == .none { slots[slot].head = next } else { attempts[before].next = next }
    if next == .none { slots[slot].tail = before }
    slots[slot].count -= 1
    attempts.remove(handle)
    return next
  }

  /// Removes the attempts for which `isGone` holds.
  mutating func removeAttempts(in slot: Handle, where isGone: (Store, Attempt) -> Bool) {
    var before = Handle.none
    var current = slots[slot].head
    while current != .none {
      let attempt = attempts[current]
      if isGone(self, attempt) {
        current = unlink(current, after: before, in: slot)
        release(attempt.last)
      } else {
        before = current
        current = attempt.next
      }
    }
  }

  /// An attempt that gives up its wait may still have other ways on.
  mutating func stopWaiting(_ handle: Handle, in slot: Handle, _ pattern: Pattern) {
    attempts[handle].options.remove(.wait)
    attempts[handle].until = expiry(of: attempts[handle], pattern)
    slots[slot].expiry = max(slots[slot].expiry, attempts[handle].until)
  }

  // MARK: - The ring

  mutating func pushRing(_ node: Handle, until: Instant, in slot: Handle) {
    slots[slot].ringUntil = until
    slots[slot].expiry = max(slots[slot].expiry, until)
    let end = slots[slot].ringEnd
    if end == .none { slots[slot].ring = node } else { taken[end].previous = node }
    slots[slot].ringEnd = node
    slots[slot].ringCount += 1
  }

  /// Takes out the oldest event, and those behind it that begin no attempt.
  mutating func popRing(_ slot: Handle) {
    repeat {
      let node = slots[slot].ring
      guard node != .none else { return }
      let next = drop(node)
      slots[slot].ring = next
      if next == .none { (slots[slot].ringEnd, slots[slot].ringUntil) = (.none, .distantPast) }
      slots[slot].ringCount -= 1
    } while slots[slot].ring != .none && taken[slots[slot].ring].repetition == 0
  }

  mutating func popRing(_ slot: Handle, while isGone: (Position) -> Bool) {
    while slots[slot].ring != .none, isGone(taken[slots[slot].ring].position) { popRing(slot) }
  }

  /// The ring's events and the one at hand as a chain of the first step.
  mutating func chain(ofRing slot: Handle, and arrival: Arrival) -> (first: Handle, last: Handle) {
    var ends = (first: Handle.none, last: Handle.none)
    var repetition = 1
    func append(_ node: Handle) {
      if ends.first == .none { ends.first = node }
      ends.last = node
      repetition += 1
    }
    var source = slots[slot].ring
    while source != .none {
      let node = taken[source]
      let copied = node.details == .none ? .none : details.add(details[node.details])
      // The chain's own reference passes from each node to the next.
      append(
        taken.add(
          TakenNode(
            at: node.at, sequence: node.sequence, step: 0, repetition: repetition, details: copied, after: ends.last)))
      source = node.previous
    }
    let end = ends.last
    let node = addNode(arrival, step: 0, repetition: repetition, after: end)
    // `addNode` counted itself as one more.
    if end != .none { taken[end].references -= 1 }
    append(node)
    return ends
  }

  // MARK: - Fired absences

  /// Remembers it in front of those that fired before, of which only so many stay.
  mutating func keepFired(_ attempt: Attempt, in slot: Handle, _ limits: Matcher.Limits) {
    forgetFired(in: slot, before: attempt.until, limits.retraction, most: limits.attempts - 1)
    slots[slot].expiry = max(slots[slot].expiry, attempt.until + limits.retraction)
    var attempt = attempt
    attempt.next = slots[slot].fired
    retain(attempt.last)
    slots[slot].fired = attempts.add(attempt)
  }

  /// Forgets those too old to be retracted at `now`, and all but the latest so many.
  mutating func forgetFired(in slot: Handle, before now: Instant, _ retraction: TimeSpan, most: Int = .max) {
    var kept = 0
    removeFired(in: slot) {
      kept += 1
      return kept > most || $1.until + retraction <= now
    }
  }

  /// They may be taken back for so long after their deadlines.
  mutating func prolongFired(in slot: Handle, _ retraction: TimeSpan) {
    var current = slots[slot].fired
    while current != .none {
      slots[slot].expiry = max(slots[slot].expiry, attempts[current].until + retraction)
      current = attempts[current].next
    }
  }

  mutating func removeFired(in slot: Handle, where isGone: (Store, Attempt) -> Bool) {
    slots[slot].fired = thin(slots[slot].fired, where: isGone).head
  }

  mutating func removeHeld(in slot: Handle, where isGone: (Store, Attempt) -> Bool) {
    let (head, removed) = thin(slots[slot].held, where: isGone)
    slots[slot].held = head
    slots[slot].count -= removed
  }

  /// Of a list that begins at `head`, removes those for which `isGone` holds.
  private mutating func thin(
    _ head: Handle, where isGone: (Store, Attempt) -> Bool
  ) -> (head: Handle, removed: UInt32) {
    var (head, before, current) = (head, Handle.none, head)
    var removed: UInt32 = 0
    while current != .none {
      let attempt = attempts[current]
      if isGone(self, attempt) {
        if before == .none { head = attempt.next } else { attempts[before].next = attempt.next }
        attempts.remove(current)
        release(attempt.last)
        removed += 1
      } else {
        before = current
      }
      current = attempt.next
    }
    return (head, removed)
  }

  /// Gives up all a slot holds.
  mutating func clear(_ slot: Handle) {
    removeAttempts(in: slot) { _, _ in true }
    removeFired(in: slot) { _, _ in true }
    removeHeld(in: slot) { _, _ in true }
    while slots[slot].ring != .none { popRing(slot) }
  }
}

// What of a slot is content at an instant; memory may hold more for a while.
extension Store {
  /// Its attempts that are not over.
  func open(_ slot: Handle, now: Instant) -> [Attempt] {
    list(from: slots[slot].head).filter { $0.isWaiting || $0.until > now }
  }

  /// Fired absences that can still be retracted.
  func fired(_ slot: Handle, now: Instant, retraction: TimeSpan) -> [Attempt] {
    list(from: slots[slot].fired).filter { $0.until + retraction > now }
  }

  func isOver(_ slot: Handle, by now: Instant, retraction: TimeSpan) -> Bool {
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
}
