import AttuneModel

/// What an event does to one attempt.
struct AttemptChange {
  /// It is taken as one more repetition.
  var repeats = false
  /// Steps it is taken for, as bits.
  var entered: UInt32 = 0
  /// It is the very next event, and not one that was forbidden.
  var closes = false
  /// What the attempt may still do when it lets the event pass.
  var rest: Pattern.Moves
}

extension Arrival {
  /// What it does to an attempt; nil when nothing changes.
  mutating func change(of attempt: Attempt, in chains: borrowing EventChains) -> AttemptChange? {
    let last = chains[attempt.last]
    guard at >= last.at, last.step < plan.steps.count else { return nil }
    var change = AttemptChange(rest: attempt.moves)
    change.rest.remove(.fresh)
    if attempt.moves.contains(.repeat) { tryRepeating(attempt, last, in: chains, &change) }
    let onward = attempt.moves.subtracting([.repeat, .fresh])
    if !onward.isEmpty { tryGoingOn(attempt, last, onward, in: chains, &change) }
    let isUnchanged = !change.repeats && change.entered == 0 && !change.closes && change.rest == attempt.moves
    return isUnchanged ? nil : change
  }

  private mutating func tryRepeating(
    _ attempt: Attempt, _ last: ChainNode, in chains: borrowing EventChains, _ change: inout AttemptChange
  ) {
    if ends(last.step) {
      change.rest.remove(.repeat)
      return
    }
    let step = plan.steps[last.step]
    change.repeats =
      fits(last.step, after: attempt.last, in: chains) && isInTime(attempt, last, gap: step.gap, in: chains)
      && (!step.isSelective || isMember(of: pattern.steps[last.step], last.step, attempt, in: chains))
    if change.repeats && step.repeats != .any || step.repeats == .strict { change.rest.remove(.repeat) }
  }

  /// Goes through the steps it may enter, with what is forbidden on the way to each.
  private mutating func tryGoingOn(
    _ attempt: Attempt, _ last: ChainNode, _ onward: Pattern.Moves, in chains: borrowing EventChains,
    _ change: inout AttemptChange
  ) {
    let plan = plan
    let isNext = attempt.moves.contains(.fresh)
    let mayEnd = !onward.isDisjoint(with: [.wait, .close])
    var isForbidden = false
    var isGreedilyTaken = false
    for passed in last.step..<plan.steps.count {
      let step = passed + 1
      if !mayEnd, onward.rawValue >> UInt32(step) == 0 { break }
      isForbidden = isForbidden || self.isForbidden(by: passed, after: attempt.last, in: chains)
      if isNext { isForbidden = isForbidden || isForbiddenNext(by: passed, after: attempt.last, in: chains) }
      if plan.steps[passed].isGreedy, !isGreedilyTaken {
        isGreedilyTaken = !ends(passed) && fits(passed, after: attempt.last, in: chains)
      }
      guard step < plan.steps.count, onward.contains(.enter(step)) else { continue }
      // As in Flink: what a greedy step would take, and what ends a repetition before it began, bars the way.
      let isBarred = isForbidden || isGreedilyTaken || ends(step)
      if isBarred || plan.steps[step].follows == .strict { change.rest.remove(.enter(step)) }
      if !isBarred, fits(step, after: attempt.last, in: chains), hasValues(for: step),
        isInTime(attempt, last, gap: plan.steps[step].gap, in: chains)
      {
        change.entered |= 1 << UInt32(step)
        if plan.steps[step].follows != .any { change.rest.remove(.enter(step)) }
      }
    }
    if mayEnd, isForbidden { change.rest.subtract([.wait, .close]) }
    if change.rest.contains(.close) {
      change.closes = true
      change.rest.remove(.close)
    }
  }

  /// Less than `within` after the first event and less than the step's gap after the last one.
  private func isInTime(
    _ attempt: Attempt, _ last: ChainNode, gap: TimeSpan?, in chains: borrowing EventChains
  ) -> Bool {
    if let gap, at - last.at >= gap { return false }
    // Without a wait it is over by then.
    guard attempt.isWaiting, let within = pattern.within else { return true }
    return at - chains[attempt.first].at < within
  }

  /// Whether its value is that of the repetitions so far (`same`), or new among them (`distinct`).
  private func isMember(
    of step: Pattern.Step, _ index: Int, _ attempt: Attempt, in chains: borrowing EventChains
  ) -> Bool {
    var place = step.kept.count
    if let same = step.same {
      guard let value = value(of: same), value == chains.value(place, of: attempt.last) else { return false }
      place += 1
    }
    guard let distinct = step.distinct else { return true }
    guard let value = value(of: distinct) else { return false }
    var node = attempt.last
    while node != .none, chains[node].step == index {
      if chains.value(place, of: node) == value { return false }
      node = chains[node].previous
    }
    return true
  }
}
