import AttuneModel

/// What an event does to one attempt.
struct Turn {
  /// It is taken as one more repetition.
  var repeats = false
  /// Steps it is taken for, as bits.
  var entered: UInt32 = 0
  /// It is the very next event, and not one that was forbidden.
  var closes = false
  /// What the attempt may still do when it lets the event pass.
  var rest: Attempt.Options
}

extension Store {
  /// Nil when nothing changes.
  func turn(of attempt: Attempt, _ arrival: inout Arrival) -> Turn? {
    let last = taken[attempt.last]
    guard arrival.at >= last.at, last.step < arrival.plan.steps.count else { return nil }
    var turn = Turn(rest: attempt.options)
    turn.rest.remove(.fresh)
    if attempt.options.contains(.repeat) { tryRepeating(attempt, last, &arrival, &turn) }
    let onward = attempt.options.subtracting([.repeat, .fresh])
    if !onward.isEmpty { tryGoingOn(attempt, last, onward, &arrival, &turn) }
    let isUnchanged = !turn.repeats && turn.entered == 0 && !turn.closes && turn.rest == attempt.options
    return isUnchanged ? nil : turn
  }

  private func tryRepeating(_ attempt: Attempt, _ last: TakenNode, _ arrival: inout Arrival, _ turn: inout Turn) {
    if arrival.ends(last.step) {
      turn.rest.remove(.repeat)
      return
    }
    let step = arrival.plan.steps[last.step]
    turn.repeats =
      arrival.fits(last.step, after: attempt.last, in: self) && isInTime(attempt, last, gap: step.gap, arrival)
      && (!step.isSelective || isMember(of: arrival.pattern.steps[last.step], last, attempt, arrival))
    if turn.repeats && step.repeats != .any || step.repeats == .strict { turn.rest.remove(.repeat) }
  }

  /// Goes through the steps it may enter, with what is forbidden on the way to each.
  private func tryGoingOn(
    _ attempt: Attempt, _ last: TakenNode, _ onward: Attempt.Options, _ arrival: inout Arrival, _ turn: inout Turn
  ) {
    let plan = arrival.plan
    let isNext = attempt.options.contains(.fresh)
    let mayEnd = !onward.isDisjoint(with: [.wait, .close])
    var isForbidden = false
    var isGreedilyTaken = false
    for passed in last.step..<plan.steps.count {
      let step = passed + 1
      if !mayEnd, onward.rawValue >> UInt32(step) == 0 { break }
      isForbidden = isForbidden || arrival.isForbidden(by: passed, after: attempt.last, in: self)
      if isNext { isForbidden = isForbidden || arrival.isForbiddenNext(by: passed, after: attempt.last, in: self) }
      if plan.steps[passed].isGreedy, !isGreedilyTaken {
        isGreedilyTaken = !arrival.ends(passed) && arrival.fits(passed, after: attempt.last, in: self)
      }
      guard step < plan.steps.count, onward.contains(.enter(step)) else { continue }
      // As in Flink: what a greedy step would take, and what ends a repetition before it began, bars the way.
      let isBarred = isForbidden || isGreedilyTaken || arrival.ends(step)
      if isBarred || plan.steps[step].follows == .strict { turn.rest.remove(.enter(step)) }
      if !isBarred, arrival.fits(step, after: attempt.last, in: self),
        arrival.hasValues(for: step),
        isInTime(attempt, last, gap: plan.steps[step].gap, arrival)
      {
        turn.entered |= 1 << UInt32(step)
        if plan.steps[step].follows != .any { turn.rest.remove(.enter(step)) }
      }
    }
    if mayEnd, isForbidden { turn.rest.subtract([.wait, .close]) }
    if turn.rest.contains(.close) {
      turn.closes = true
      turn.rest.remove(.close)
    }
  }

  /// Less than `within` after the first event and less than the step's gap after the last one.
  private func isInTime(_ attempt: Attempt, _ last: TakenNode, gap: TimeSpan?, _ arrival: Arrival) -> Bool {
    if let gap, arrival.at - last.at >= gap { return false }
    // Who does not wait is over by then.
    guard attempt.isWaiting, let within = arrival.pattern.within else { return true }
    return arrival.at - taken[attempt.first].at < within
  }

  /// Whether its value is that of the repetitions so far (`same`), or new among them (`distinct`).
  private func isMember(
    of step: Pattern.Step, _ last: TakenNode, _ attempt: Attempt, _ arrival: Arrival
  ) -> Bool {
    var index = step.kept.count
    if let same = step.same {
      guard let value = arrival.value(of: same), value == self.value(index, of: last) else { return false }
      index += 1
    }
    guard let distinct = step.distinct else { return true }
    guard let value = arrival.value(of: distinct) else { return false }
    var node = attempt.last
    while node != .none, taken[node].step == last.step {
      if self.value(index, of: taken[node]) == value { return false }
      node = taken[node].previous
    }
    return true
  }

  private func value(_ index: Int, of node: TakenNode) -> Value? {
    guard node.details != .none else { return nil }
    let values = details[node.details].values
    return index < values.count ? values[index] : nil
  }
}
