import AttuneModel

// What one event does to the attempts of one rule and key.
extension Matcher {
  mutating func take(_ arrival: inout Arrival, in slot: Handle, opens: Bool, into matches: inout [Match]) {
    if arrival.relevance.isBanned {
      forbid(from: arrival.at, in: slot)
      releaseHeld(in: slot, at: arrival.at, arrival.rule, profile: arrival.profile, into: &matches)
      return
    }
    // Attempts that are over do not count towards the limit.
    if Int(store.slots[slot].count) >= limits.attempts {
      store.removeAttempts(in: slot) { !$1.isWaiting && $1.until <= arrival.at }
    }
    var outcome = Outcome()
    if store.slots[slot].head != .none,
      arrival.plan.seesAll || store.slots[slot].watch & arrival.relevance.mask != 0
    {
      advance(&arrival, in: slot, &outcome)
    }
    if opens || store.slots[slot].ring != .none { open(&arrival, in: slot, starts: opens, &outcome) }
    if outcome.beganToWait {
      if arrival.pattern.repetition == .restart { keepOneWait(arrival, in: slot) }
      store.schedule(slot)
    }
    if !outcome.finished.isEmpty { conclude(outcome.finished, arrival, in: slot, into: &matches) }
    if store.slots[slot].held != .none {
      releaseHeld(in: slot, at: arrival.at, arrival.rule, profile: arrival.profile, into: &matches)
    }
  }

  /// A forbidden event ends every attempt that began before it.
  mutating func forbid(from instant: Instant, in slot: Handle) {
    store.removeAttempts(in: slot) { $0[$1.first].at <= instant }
    store.popRing(slot) { $0.at <= instant }
  }

  /// What an event brought about, beside what it changed.
  struct Outcome {
    /// Ends of the chains that are complete, each with a reference of its own.
    var finished: [Handle] = []
    /// Whether an attempt waits for its absence from now on.
    var beganToWait = false
  }

  private mutating func advance(_ arrival: inout Arrival, in slot: Handle, _ outcome: inout Outcome) {
    var before = Handle.none
    var current = store.slots[slot].head
    var watch: UInt32 = 0
    while current != .none {
      let attempt = store.attempts[current]
      if !attempt.isWaiting, attempt.until <= arrival.at {
        current = store.unlink(current, after: before, in: slot)
        store.chains.release(attempt.last)
        continue
      }
      guard let change = arrival.change(of: attempt, in: store.chains) else {
        watch |= attempt.watch(arrival.pattern, in: store.chains)
        before = current
        current = attempt.next
        continue
      }
      current = store.unlink(current, after: before, in: slot)
      for branch in branches(of: attempt, change, &arrival, in: slot, &outcome) {
        before = store.insert(branch, after: before, in: slot)
        watch |= branch.watch(arrival.pattern, in: store.chains)
      }
      store.chains.release(attempt.last)
    }
    store.watch(watch, in: slot)
  }

  /// The branch that takes the event as a repetition, the one that lets it pass, those that take it for a later step.
  private mutating func branches(
    of attempt: Attempt, _ change: AttemptChange, _ arrival: inout Arrival, in slot: Handle, _ outcome: inout Outcome
  ) -> [Attempt] {
    var kept: [Attempt] = []
    let (step, repetition) = (store.chains[attempt.last].step, store.chains[attempt.last].repetition)
    if change.repeats { grow(attempt, step, repetition + 1, arrival, &kept, &outcome) }
    var resting: Int?
    var rest = attempt
    rest.moves = change.rest
    // With `restart` the wait moves with the repetition.
    if change.repeats, arrival.pattern.repetition == .restart { rest.moves.remove(.wait) }
    // A way on that had more time than others may have gone.
    let isOther = attempt.isWaiting || arrival.plan.hasGaps && attempt.moves != rest.moves
    if isOther, !rest.isWaiting { rest.until = rest.expiry(arrival.pattern, in: store.chains) }
    if !rest.isOver, rest.isWaiting || rest.until > arrival.at {
      store.chains.retain(rest.last)
      resting = kept.count
      kept.append(rest)
    }
    if change.closes {
      store.chains.retain(attempt.last)
      outcome.finished.append(attempt.last)
    }
    var entered = change.entered
    while entered != 0 {
      grow(attempt, entered.trailingZeroBitCount, 1, arrival, &kept, &outcome)
      entered &= entered - 1
    }
    // The ways on that took the event are worth more than the one that let it pass.
    while Int(store.slots[slot].count) + kept.count > limits.attempts, kept.count > 1 {
      let gone = kept.remove(at: resting ?? kept.count - 1)
      store.chains.release(gone.last)
      resting = nil
      refusedAttempts += 1
    }
    return kept
  }

  private mutating func grow(
    _ attempt: Attempt, _ step: Int, _ repetition: Int, _ arrival: Arrival, _ kept: inout [Attempt],
    _ outcome: inout Outcome
  ) {
    let node = store.chains.branch(
      at: arrival.at, sequence: arrival.sequence, step: step, repetition: repetition,
      details: arrival.details(at: step), after: attempt.last)
    let grown = settled(first: attempt.first, last: node, arrival.pattern, &outcome)
    if !grown.isOver { kept.append(grown) } else { store.chains.release(node) }
  }

  /// The attempt that has just taken its last event, with what it may do next; a complete chain is finished.
  ///
  /// The caller holds a reference to `last`, which becomes the attempt's.
  private mutating func settled(
    first: Handle, last: Handle, _ pattern: Pattern, _ outcome: inout Outcome
  ) -> Attempt {
    let node = store.chains[last]
    let step = pattern.plan.steps[node.step]
    var moves: Pattern.Moves = node.repetition < step.times.upperBound ? .repeat : []
    if node.repetition >= step.times.lowerBound {
      moves.formUnion(step.onward)
      if step.completes {
        store.chains.retain(last)
        outcome.finished.append(last)
      }
    }
    if pattern.plan.isStrict { moves.insert(.fresh) }
    var attempt = Attempt(first: first, last: last, until: .distantFuture, moves: moves)
    if attempt.isWaiting {
      outcome.beganToWait = true
      attempt.until = attempt.deadline(pattern, in: store.chains)
    } else {
      attempt.until = attempt.expiry(pattern, in: store.chains)
    }
    return attempt
  }

  /// With `restart`: of those that began to wait with this event the first stays, and every other wait ends.
  private mutating func keepOneWait(_ arrival: Arrival, in slot: Handle) {
    var current = store.slots[slot].head
    var winner = Handle.none
    while current != .none, winner == .none {
      let attempt = store.attempts[current]
      if attempt.isWaiting, store.chains[attempt.last].sequence == arrival.sequence { winner = current }
      current = attempt.next
    }
    current = store.slots[slot].head
    while current != .none {
      let attempt = store.attempts[current]
      if current != winner, attempt.isWaiting { store.stopWaiting(current, in: slot, arrival.pattern) }
      current = attempt.next
    }
    store.removeAttempts(in: slot) { $1.isOver }
  }
}

// How attempts begin.
extension Matcher {
  /// - Parameter starts: false for an event that may only go on with what began before it.
  private mutating func open(
    _ arrival: inout Arrival, in slot: Handle, starts: Bool, _ outcome: inout Outcome
  ) {
    var openings = arrival.relevance.fits & arrival.plan.openings
    while openings != 0 {
      let step = openings.trailingZeroBitCount
      openings &= openings - 1
      guard arrival.canBegin(step, in: store.chains) else { continue }
      if step == 0, let size = arrival.plan.ringSize {
        slide(size, arrival, in: slot, starts: starts, &outcome)
      } else if starts {
        let node = begun(by: arrival, step: step, repetition: 1, after: .none)
        begin(first: node, last: node, arrival, in: slot, &outcome)
      }
    }
  }

  private mutating func begun(by arrival: Arrival, step: Int, repetition: Int, after previous: Handle) -> Handle {
    store.chains.append(
      at: arrival.at, sequence: arrival.sequence, step: step, repetition: repetition,
      details: arrival.details(at: step), after: previous)
  }

  /// The last n events that fit, this one among them, make an attempt.
  private mutating func slide(
    _ size: Int, _ arrival: Arrival, in slot: Handle, starts: Bool, _ outcome: inout Outcome
  ) {
    if let within = arrival.pattern.within { store.popRing(slot) { $0.at + within <= arrival.at } }
    let end = store.slots[slot].ringEnd
    if end != .none, arrival.at < store.chains[end].at { return }
    if Int(store.slots[slot].ringCount) + 1 == size {
      let ring = store.copyRing(of: slot)
      let last = begun(by: arrival, step: 0, repetition: size, after: ring.last)
      begin(first: ring.first == .none ? last : ring.first, last: last, arrival, in: slot, &outcome)
      store.popRing(slot)
    }
    guard starts || store.slots[slot].ring != .none else { return }
    let until = arrival.pattern.within.map { arrival.at + $0 } ?? .distantFuture
    let node = begun(by: arrival, step: 0, repetition: starts ? 1 : 0, after: .none)
    store.pushRing(node, until: until, in: slot)
  }

  private mutating func begin(
    first: Handle, last: Handle, _ arrival: Arrival, in slot: Handle, _ outcome: inout Outcome
  ) {
    let attempt = settled(first: first, last: last, arrival.pattern, &outcome)
    if attempt.isOver {
      store.chains.release(last)
      return
    }
    guard
      Int(store.slots[slot].count) < limits.attempts || attempt.isWaiting && makesRoom(arrival.pattern, in: slot)
    else {
      refusedAttempts += 1
      store.chains.release(last)
      return
    }
    store.append(attempt, in: slot, arrival.pattern)
  }

  /// With `restart` the one wait gives way to the new one.
  private func makesRoom(_ pattern: Pattern, in slot: Handle) -> Bool {
    guard pattern.repetition == .restart else { return false }
    var current = store.slots[slot].head
    while current != .none {
      if store.attempts[current].moves.subtracting(.fresh) == .wait { return true }
      current = store.attempts[current].next
    }
    return false
  }
}
