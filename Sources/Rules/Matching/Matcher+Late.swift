import AttuneModel

// What a late event does: it only takes away.
extension Matcher {
  /// Cancels what is open, and hands out the matches of absences that fired and that it would have prevented.
  mutating func cancel(_ arrival: Arrival, in slot: Handle, retracting retracted: inout [Match]) {
    if arrival.relevance.isBanned { forbid(from: arrival.at, in: slot) }
    if arrival.relevance.forbids != 0 { cancelAttempts(arrival, in: slot) }
    let prevented = store.list(from: store.slots[slot].fired).filter {
      arrival.wouldPrevent($0, in: store.chains)
    }
    for fired in prevented.reversed() {
      let match = arrival.rule.match(
        store.chains.chain(endingAt: fired.last), key: store.slots.key(of: slot), at: fired.until,
        profile: arrival.profile, isJudged: true)
      if let match { retracted.append(match) }
    }
    store.removeFired(in: slot) { arrival.wouldPrevent($1, in: $0) }
    // What is held back was not told yet.
    store.removeHeld(in: slot) { arrival.wouldPrevent($1, in: $0) }
  }

  private mutating func cancelAttempts(_ arrival: Arrival, in slot: Handle) {
    store.removeAttempts(in: slot) { arrival.breaks($1, in: $0) }
    var current = store.slots[slot].head
    while current != .none {
      let attempt = store.attempts[current]
      let rest = attempt.moves.subtracting(arrival.prevented(of: attempt, in: store.chains))
      if rest != attempt.moves { store.restrict(current, to: rest, in: slot, arrival.pattern) }
      current = attempt.next
    }
    store.removeAttempts(in: slot) { $1.isOver }
  }
}

extension Arrival {
  /// Whether an absence that fired, or a match held back, would not have come about.
  fileprivate func wouldPrevent(_ fired: Attempt, in chains: borrowing EventChains) -> Bool {
    guard at < fired.until else { return false }
    if relevance.isBanned, chains[fired.first].at <= at { return true }
    return breaks(fired, in: chains) || prevented(of: fired, in: chains).contains(.wait)
  }

  /// Whether it falls between two steps where it is forbidden.
  fileprivate func breaks(_ attempt: Attempt, in chains: borrowing EventChains) -> Bool {
    var later = attempt.last
    while chains[later].previous != .none {
      let earlier = chains[later].previous
      let (from, to) = (chains[earlier], chains[later])
      if from.step < to.step, from.at <= at, at < to.at {
        for passed in from.step..<to.step where isForbidden(by: passed, after: earlier, in: chains) { return true }
      }
      later = earlier
    }
    return false
  }

  /// The ways on that it forbids.
  fileprivate func prevented(of attempt: Attempt, in chains: borrowing EventChains) -> Pattern.Moves {
    let last = chains[attempt.last]
    let steps = pattern.steps
    guard steps.indices.contains(last.step), last.at <= at, !attempt.isWaiting || at < attempt.until else { return [] }
    var prevented: Pattern.Moves = []
    for passed in last.step..<steps.count where isForbidden(by: passed, after: attempt.last, in: chains) {
      for step in passed + 1..<steps.count + 1 { prevented.insert(step < steps.count ? .enter(step) : .wait) }
      prevented.insert(.close)
      break
    }
    return prevented
  }
}
