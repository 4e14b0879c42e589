import AttuneModel

// What one event does to the attempts of one rule and key.
extension Store {
  /// Returns how many attempts it refused to open.
  mutating func take(
    _ arrival: inout Arrival, in slot: Handle, opens: Bool, limit: Int, into matches: inout [Match]
  ) -> Int {
    if arrival.relevance.isBanned {
      forbid(from: arrival.at, in: slot)
      releaseHeld(in: slot, at: arrival.at, arrival.rule, profile: arrival.profile, into: &matches)
      return 0
    }
    // Those that are over take nobody's place.
    if Int(slots[slot].count) >= limit { removeAttempts(in: slot) { !$1.isWaiting && $1.until <= arrival.at } }
    var outcome = Outcome()
    if slots[slot].head != .none, arrival.plan.seesAll || slots[slot].watch & arrival.relevance.mask != 0 {
      advance(&arrival, in: slot, limit, &outcome)
    }
    if opens || slots[slot].ring != .none { open(&arrival, in: slot, starts: opens, limit, &outcome) }
    if outcome.beganToWait {
      if arrival.pattern.repetition == .restart { keepOneWait(arrival, in: slot) }
      schedule(slot)
    }
    if !outcome.finished.isEmpty {
      outcome.refused += conclude(outcome.finished, arrival, in: slot, limit: limit, into: &matches)
    }
    if slots[slot].held != .none {
      releaseHeld(in: slot, at: arrival.at, arrival.rule, profile: arrival.profile, into: &matches)
    }
    return outcome.refused
  }

  /// A forbidden event ends every attempt that began before it.
  mutating func forbid(from instant: Instant, in slot: Handle) {
    removeAttempts(in: slot) { $0.taken[$1.first].at <= instant }
    popRing(slot) { $0.at <= instant }
  }

  /// What an event brought about, beside what it changed.
  struct Outcome {
    /// Ends of the chains that are complete, each with a reference of its own.
    var finished: [Handle] = []
    var refused = 0
    /// Whether an attempt waits for its absence from now on.
    var beganToWait = false
  }

  private mutating func advance(
    _ arrival: inout Arrival, in slot: Handle, _ limit: Int, _ outcome: inout Outcome
  ) {
    var before = Handle.none
    var current = slots[slot].head
    var watch: UInt32 = 0
    while current != .none {
      let attempt = attempts[current]
      if !attempt.isWaiting, attempt.until <= arrival.at {
        current = unlink(current, after: before, in: slot)
        release(attempt.last)
        continue
      }
      guard let turn = turn(of: attempt, &arrival) else {
        watch |= self.watch(of: attempt, arrival.pattern)
        before = current
        current = attempt.next
        continue
      }
      current = unlink(current, after: before, in: slot)
      for branch in branches(of: attempt, turn, &arrival, in: slot, limit, &outcome) {
        before = insert(branch, after: before, in: slot)
        watch |= self.watch(of: branch, arrival.pattern)
      }
      release(attempt.last)
    }
    slots[slot].watch = watch
  }

  /// The branch that takes the event as a repetition, the one that lets it pass, those that take it for a later step.
  private mutating func branches(
    of attempt: Attempt, _ turn: Turn, _ arrival: inout Arrival, in slot: Handle, _ limit: Int,
    _ outcome: inout Outcome
  ) -> [Attempt] {
    var kept: [Attempt] = []
    let (step, repetition) = (taken[attempt.last].step, taken[attempt.last].repetition)
    if turn.repeats { grow(attempt, step, repetition + 1, &arrival, &kept, &outcome) }
    var resting: Int?
    var rest = attempt
    rest.options = turn.rest
    // With `restart` the wait moves with the repetition.
    if turn.repeats, arrival.pattern.repetition == .restart { rest.options.remove(.wait) }
    // A way on that had more time than others may have gone.
    let isOther = attempt.isWaiting || arrival.plan.hasGaps && attempt.options != rest.options
    if isOther, !rest.isWaiting { rest.until = expiry(of: rest, arrival.pattern) }
    if !rest.isOver, rest.isWaiting || rest.until > arrival.at {
      retain(rest.last)
      resting = kept.count
      kept.append(rest)
    }
    if turn.closes {
      retain(attempt.last)
      outcome.finished.append(attempt.last)
    }
    var entered = turn.entered
    while entered != 0 {
      grow(attempt, entered.trailingZeroBitCount, 1, &arrival, &kept, &outcome)
      entered &= entered - 1
    }
    // The ways on that took the event are worth more than the one that let it pass.
    while Int(slots[slot].count) + kept.count > limit, kept.count > 1 {
      let gone = kept.remove(at: resting ?? kept.count - 1)
      release(gone.last)
      resting = nil
      outcome.refused += 1
    }
    return kept
  }

  private mutating func grow(
    _ attempt: Attempt, _ step: Int, _ repetition: Int, _ arrival: inout Arrival, _ kept: inout [Attempt],
    _ outcome: inout Outcome
  ) {
    let node = addNode(arrival, step: step, repetition: repetition, after: attempt.last)
    let grown = settled(first: attempt.first, last: node, arrival.pattern, &outcome)
    if !grown.isOver { kept.append(grown) } else { release(node) }
  }

  /// The attempt that has just taken its last event, with what it may do next; a complete chain is finished.
  ///
  /// The caller holds a reference to `last`, which becomes the attempt's.
  mutating func settled(
    first: Handle, last: Handle, _ pattern: Pattern, _ outcome: inout Outcome
  ) -> Attempt {
    let node = taken[last]
    let step = pattern.plan.steps[node.step]
    var options: Attempt.Options = node.repetition < step.times.upperBound ? .repeat : []
    if node.repetition >= step.times.lowerBound {
      options.formUnion(step.onward)
      if step.completes {
        retain(last)
        outcome.finished.append(last)
      }
    }
    if pattern.plan.isStrict { options.insert(.fresh) }
    var attempt = Attempt(first: first, last: last, until: .distantFuture, options: options)
    if attempt.isWaiting {
      outcome.beganToWait = true
      attempt.until = deadline(of: attempt, pattern)
    } else {
      attempt.until = expiry(of: attempt, pattern)
    }
    return attempt
  }

  /// With `restart`: of those that began to wait with this event the first stays, and every other wait ends.
  private mutating func keepOneWait(_ arrival: Arrival, in slot: Handle) {
    var current = slots[slot].head
    var winner = Handle.none
    while current != .none, winner == .none {
      if attempts[current].isWaiting, taken[attempts[current].last].sequence == arrival.sequence { winner = current }
      current = attempts[current].next
    }
    current = slots[slot].head
    while current != .none {
      if current != winner, attempts[current].isWaiting { stopWaiting(current, in: slot, arrival.pattern) }
      current = attempts[current].next
    }
    removeAttempts(in: slot) { $1.isOver }
  }
}
