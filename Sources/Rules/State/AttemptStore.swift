import AttuneModel

/// Everything open, for every rule and key: slots with their attempts, the events those have taken, and the timers.
///
/// A slot has three lists of attempts (those that go on, absences that fired, matches held back) and a ring of events.
struct AttemptStore: Sendable {
  private(set) var slots = SlotDirectory()
  private(set) var attempts = Pool<Attempt>()
  var chains = EventChains()
  private var deadlines = Deadlines()
  /// Where the sweep goes on.
  private var hand: Handle = 0

  /// Of memory, whether used or kept in reserve.
  var bytes: Int { slots.bytes + attempts.bytes + chains.bytes + deadlines.bytes }

  // MARK: - Slots

  /// Opens a slot for a key the event has whole.
  mutating func addSlot(_ key: Digest, _ serial: UInt32, _ attributes: [Attribute], of event: Event) -> Handle {
    slots.add(key, serial, attributes, of: event)
  }

  mutating func addSlot(_ serial: UInt32, _ key: [Value]) -> Handle { slots.add(serial, key) }

  /// Slots of a rule whose keys have these values among theirs, in the order of the keys.
  mutating func findSlots(_ serial: UInt32, _ present: UInt32, _ digest: Digest) -> [Handle] {
    slots.find(serial, present, digest)
  }

  /// With all it holds.
  mutating func removeSlot(_ slot: Handle) {
    removeAttempts(in: slot) { _, _ in true }
    removeFired(in: slot) { _, _ in true }
    removeHeld(in: slot) { _, _ in true }
    while slots[slot].ring != .none { popRing(slot) }
    slots.remove(slot)
  }

  mutating func removeIfEmpty(_ slot: Handle) { if slots[slot].isEmpty { removeSlot(slot) } }

  /// Says which events concern a slot's attempts.
  mutating func watch(_ bits: UInt32, in slot: Handle) { slots[slot].watch = bits }

  /// Looks at some slots, a few at each call and round and round, and gives up those of no further use.
  mutating func sweep(_ count: Int, now: Instant) {
    let end = slots.handles.upperBound
    for _ in 0..<count {
      if hand >= end { hand = 0 }
      guard hand < end else { return }
      if !slots[hand].isVacant, slots[hand].isEmpty || slots[hand].isOver(by: now) { removeSlot(hand) }
      hand += 1
    }
  }

  // MARK: - Attempts

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

  /// Puts an attempt behind all others, and keeps in mind what concerns it.
  mutating func append(_ attempt: Attempt, in slot: Handle, _ pattern: Pattern) {
    _ = insert(attempt, after: slots[slot].tail, in: slot)
    slots[slot].watch |= attempt.watch(pattern, in: chains)
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
  mutating func removeAttempts(in slot: Handle, where isGone: (EventChains, Attempt) -> Bool) {
    var before = Handle.none
    var current = slots[slot].head
    while current != .none {
      let attempt = attempts[current]
      if isGone(chains, attempt) {
        current = unlink(current, after: before, in: slot)
        chains.release(attempt.last)
      } else {
        before = current
        current = attempt.next
      }
    }
  }

  /// Removes what began where `isGone` holds: attempts, matches held back, events of the ring.
  mutating func removeStarts(in slot: Handle, where isGone: (EventPosition) -> Bool) {
    removeAttempts(in: slot) { isGone($0[$1.first].position) }
    removeHeld(in: slot) { isGone($0[$1.first].position) }
    popRing(slot, while: isGone)
  }

  /// Leaves an attempt fewer moves.
  mutating func restrict(_ handle: Handle, to moves: Pattern.Moves, in slot: Handle, _ pattern: Pattern) {
    attempts[handle].moves = moves
    if !moves.contains(.wait) { stopWaiting(handle, in: slot, pattern) }
  }

  /// An attempt that gives up its wait may still have other ways on.
  mutating func stopWaiting(_ handle: Handle, in slot: Handle, _ pattern: Pattern) {
    attempts[handle].moves.remove(.wait)
    attempts[handle].until = attempts[handle].expiry(pattern, in: chains)
    slots[slot].expiry = max(slots[slot].expiry, attempts[handle].until)
  }

  // MARK: - The ring

  mutating func pushRing(_ node: Handle, until: Instant, in slot: Handle) {
    slots[slot].ringUntil = until
    slots[slot].expiry = max(slots[slot].expiry, until)
    let end = slots[slot].ringEnd
    if end == .none { slots[slot].ring = node } else { chains.link(end, to: node) }
    slots[slot].ringEnd = node
    slots[slot].ringCount += 1
  }

  /// Takes out the oldest event, and those behind it that begin no attempt.
  mutating func popRing(_ slot: Handle) {
    repeat {
      let node = slots[slot].ring
      guard node != .none else { return }
      let next = chains.remove(node)
      slots[slot].ring = next
      if next == .none { (slots[slot].ringEnd, slots[slot].ringUntil) = (.none, .distantPast) }
      slots[slot].ringCount -= 1
    } while slots[slot].ring != .none && chains[slots[slot].ring].repetition == 0
  }

  mutating func popRing(_ slot: Handle, while isGone: (EventPosition) -> Bool) {
    while slots[slot].ring != .none, isGone(chains[slots[slot].ring].position) { popRing(slot) }
  }

  /// The ring's events as a chain of the first step, with a reference to its end.
  mutating func copyRing(of slot: Handle) -> (first: Handle, last: Handle) {
    var ends = (first: Handle.none, last: Handle.none)
    var repetition = 1
    var source = slots[slot].ring
    while source != .none {
      let next = chains[source].previous
      ends.last = chains.append(copyOf: source, step: 0, repetition: repetition, after: ends.last)
      if ends.first == .none { ends.first = ends.last }
      repetition += 1
      source = next
    }
    return ends
  }

  // MARK: - Absences that fired

  /// Remembers it in front of those that fired before, of which only so many stay.
  mutating func keepFired(_ attempt: Attempt, in slot: Handle, retraction: TimeSpan, most: Int) {
    forgetFired(in: slot, before: attempt.until, retraction, most: most - 1)
    slots[slot].expiry = max(slots[slot].expiry, attempt.until + retraction)
    var attempt = attempt
    attempt.next = slots[slot].fired
    chains.retain(attempt.last)
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

  mutating func removeFired(in slot: Handle, where isGone: (EventChains, Attempt) -> Bool) {
    slots[slot].fired = thin(slots[slot].fired, where: isGone).head
  }

  // MARK: - Matches held back

  /// Puts a complete chain, with the reference to its end, among those held back.
  mutating func hold(_ last: Handle, at: Instant, in slot: Handle) {
    let first = chains.first(of: last)
    var before = Handle.none
    var current = slots[slot].held
    while current != .none, chains[attempts[current].first].position <= chains[first].position {
      before = current
      current = attempts[current].next
    }
    let handle = attempts.add(Attempt(first: first, last: last, until: at, moves: [], next: current))
    if before == .none { slots[slot].held = handle } else { attempts[before].next = handle }
    slots[slot].count += 1
  }

  /// Takes out the first of them, with the reference to its chain.
  mutating func popHeld(_ slot: Handle) -> Attempt {
    let handle = slots[slot].held
    let held = attempts[handle]
    slots[slot].held = held.next
    slots[slot].count -= 1
    attempts.remove(handle)
    return held
  }

  mutating func removeHeld(in slot: Handle, where isGone: (EventChains, Attempt) -> Bool) {
    let (head, removed) = thin(slots[slot].held, where: isGone)
    slots[slot].held = head
    slots[slot].count -= removed
  }

  /// Of a list that begins at `head`, removes those for which `isGone` holds.
  private mutating func thin(
    _ head: Handle, where isGone: (EventChains, Attempt) -> Bool
  ) -> (head: Handle, removed: UInt32) {
    var (head, before, current) = (head, Handle.none, head)
    var removed: UInt32 = 0
    while current != .none {
      let attempt = attempts[current]
      if isGone(chains, attempt) {
        if before == .none { head = attempt.next } else { attempts[before].next = attempt.next }
        attempts.remove(current)
        chains.release(attempt.last)
        removed += 1
      } else {
        before = current
      }
      current = attempt.next
    }
    return (head, removed)
  }

  // MARK: - Timers

  /// When the earliest timer rings, at the earliest.
  var nextDeadline: Instant? { deadlines.count == 0 ? nil : deadlines.earliest }

  /// The slots whose timers were set to the earliest deadline, if that is not after `instant`. Some may be gone, or set
  /// to another one by now.
  mutating func popDeadlines(through instant: Instant) -> ContiguousArray<Deadlines.Entry>? {
    deadlines.popFirst(through: instant)
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
    schedule(slot, at: earliest)
  }

  /// Sets the timer if there is none that rings before.
  mutating func schedule(_ slot: Handle, at instant: Instant) {
    guard instant < slots[slot].scheduled else { return }
    slots[slot].scheduled = instant
    deadlines.add(Deadlines.Entry(at: instant, slot: slot))
  }

  /// Sets the timer by the oldest attempt, on which matches held back wait; attempts that are over give none.
  mutating func scheduleRelease(of slot: Handle, after now: Instant) {
    removeAttempts(in: slot) { $1.until <= now }
    schedule(slot)
  }

  /// After attempts went without an event or a timer, which would have seen to the matches held back.
  mutating func wakeHeld(in slot: Handle, at now: Instant) {
    if slots[slot].held == .none { return }
    if isFree(slot, at: now) { schedule(slot, at: now) } else { scheduleRelease(of: slot, after: now) }
  }

  /// It has rung.
  mutating func clearTimer(_ slot: Handle) { slots[slot].scheduled = .distantFuture }

  /// After many slots went, so that their timers do not ring.
  mutating func rebuildDeadlines() {
    deadlines = Deadlines()
    for slot in slots.handles where !slots[slot].isVacant && slots[slot].scheduled < .distantFuture {
      deadlines.add(Deadlines.Entry(at: slots[slot].scheduled, slot: slot))
    }
  }
}

// What is known of a user, wherever it is kept.
extension AttemptStore {
  /// Forgets a slot's attempts, matches held back, absences that fired and events of the ring that keep a user's id.
  mutating func erase(_ id: Value, in slot: Handle) {
    removeAttempts(in: slot) { chains, attempt in chains.chain(endingAt: attempt.last).contains { $0.keeps(id) } }
    removeFired(in: slot) { chains, attempt in chains.chain(endingAt: attempt.last).contains { $0.keeps(id) } }
    removeHeld(in: slot) { chains, attempt in chains.chain(endingAt: attempt.last).contains { $0.keeps(id) } }
    eraseRing(id, in: slot)
  }

  private mutating func eraseRing(_ id: Value, in slot: Handle) {
    var all: [(event: TakenEvent, repetition: Int)] = []
    var node = slots[slot].ring
    while node != .none {
      all.append((chains.event(node), chains[node].repetition))
      node = chains[node].previous
    }
    let kept = all.filter { !$0.event.keeps(id) }
    if kept.count == all.count { return }
    let until = slots[slot].ringUntil
    while slots[slot].ring != .none { popRing(slot) }
    // A ring begins with an event that an attempt can begin with.
    for (event, repetition) in kept.drop(while: { $0.repetition == 0 }) {
      pushRing(chains.append(event, repetition: repetition, after: .none), until: until, in: slot)
    }
  }
}

extension TakenEvent {
  fileprivate func keeps(_ id: Value) -> Bool {
    values.contains(id) || details.members.contains { $0.value == id }
  }
}
