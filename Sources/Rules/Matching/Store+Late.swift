import AttuneModel

// What a late event does: it only takes away.
extension Store {
  /// Cancels what is open, and hands out the matches of fired absences it would have prevented.
  mutating func cancel(_ arrival: Arrival, in slot: Handle, retracting retracted: inout [Match]) {
    if arrival.relevance.isBanned { forbid(from: arrival.at, in: slot) }
    if arrival.relevance.forbids != 0 { cancelAttempts(arrival, in: slot) }
    let prevented = list(from: slots[slot].fired).filter { wouldPrevent(arrival, $0) }
    for fired in prevented.reversed() {
      let match = arrival.rule.match(
        chain(endingAt: fired.last), key: values(of: slot), at: fired.until, profile: arrival.profile, isJudged: true)
      if let match { retracted.append(match) }
    }
    removeFired(in: slot) { $0.wouldPrevent(arrival, $1) }
    // What is held back was not told yet.
    removeHeld(in: slot) { $0.wouldPrevent(arrival, $1) }
  }

  private mutating func cancelAttempts(_ arrival: Arrival, in slot: Handle) {
    removeAttempts(in: slot) { $0.isBroken($1, by: arrival) }
    var current = slots[slot].head
    while current != .none {
      let attempt = attempts[current]
      let rest = attempt.options.subtracting(prevented(of: attempt, by: arrival))
      if rest != attempt.options {
        attempts[current].options = rest
        if !rest.contains(.wait) { stopWaiting(current, in: slot, arrival.pattern) }
      }
      current = attempt.next
    }
    removeAttempts(in: slot) { $1.isOver }
  }

  /// Whether a fired absence, or a match held back, would not have come about.
  private func wouldPrevent(_ arrival: Arrival, _ fired: Attempt) -> Bool {
    guard arrival.at < fired.until else { return false }
    if arrival.relevance.isBanned, taken[fired.first].at <= arrival.at { return true }
    return isBroken(fired, by: arrival) || prevented(of: fired, by: arrival).contains(.wait)
  }

  /// Whether the event falls between two steps where it is forbidden.
  private func isBroken(_ attempt: Attempt, by arrival: Arrival) -> Bool {
    var later = attempt.last
    while taken[later].previous != .none {
      let earlier = taken[later].previous
      let (from, to) = (taken[earlier], taken[later])
      if from.step < to.step, from.at <= arrival.at, arrival.at < to.at {
        for passed in from.step..<to.step
        where arrival.isForbidden(by: passed, after: earlier, in: self) { return true }
      }
      later = earlier
    }
    return false
  }

  /// The ways on that it forbids.
  private func prevented(of attempt: Attempt, by arrival: Arrival) -> Attempt.Options {
    let last = taken[attempt.last]
    let steps = arrival.pattern.steps
    guard steps.indices.contains(last.step), last.at <= arrival.at, !attempt.isWaiting || arrival.at < attempt.until
    else { return [] }
    var prevented: Attempt.Options = []
    for passed in last.step..<steps.count
    where arrival.isForbidden(by: passed, after: attempt.last, in: self) {
      for step in passed + 1..<steps.count + 1 { prevented.insert(step < steps.count ? .enter(step) : .wait) }
      prevented.insert(.close)
      break
    }
    return prevented
  }
}
