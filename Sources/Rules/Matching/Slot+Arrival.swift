import Model

// What one event does to the attempts of its key.
extension Slot {
  /// Returns how many attempts it refused to open.
  mutating func take(_ arrival: Arrival, limit: Int, into matches: inout [Match]) -> Int {
    if let without = arrival.pattern.without, without.contains(arrival.event.name) {
      forbid(from: arrival.event.at)
      return 0
    }
    var finished: [Attempt] = []
    let before = attempts.count
    var refused = advance(arrival, limit, &finished)
    if arrival.starts { refused += open(arrival, limit, &finished) }
    if arrival.pattern.repetition == .restart, before > 0 { keepOneWait(arrival) }
    conclude(finished, arrival, into: &matches)
    return refused
  }

  /// A forbidden event ends every attempt that began before it.
  mutating func forbid(from instant: Instant) {
    attempts.removeAll { $0.first.at <= instant }
    ring.removeAll { $0.at <= instant }
  }

  private mutating func advance(_ arrival: Arrival, _ limit: Int, _ finished: inout [Attempt]) -> Int {
    var refused = 0
    var index = 0
    while index < attempts.count {
      guard let (branches, resting) = branches(of: attempts[index], arrival, &finished) else {
        index += 1
        continue
      }
      var kept = branches
      if attempts.count - 1 + kept.count > limit {
        // The way on that took the event is worth more than the one that let it pass.
        kept.remove(at: resting ?? 0)
        refused += 1
      }
      if kept.count == 1 {
        attempts[index] = kept[0]
      } else {
        attempts.replaceSubrange(index...index, with: kept)
      }
      index += kept.count
    }
    return refused
  }

  /// What becomes of an attempt: the branch that takes the event as a repetition, the one that lets it pass (whose
  /// place is `resting`), the one that takes it as the next step, in this order. Nil when nothing changes.
  private func branches(
    of attempt: Attempt, _ arrival: Arrival, _ finished: inout [Attempt]
  ) -> (kept: [Attempt], resting: Int?)? {
    let pattern = arrival.pattern
    let step = attempt.step
    guard pattern.steps.indices.contains(step), arrival.event.at >= attempt.last.at else { return nil }
    let repeats = attempt.takesMore && arrival.isAccepted(by: pattern.steps[step].fit, after: attempt)
    let isForbidden =
      attempt.goesOn && pattern.steps[step].forbidden.contains { arrival.isAccepted(by: $0, after: attempt) }
    let proceeds =
      attempt.goesOn && !isForbidden && step + 1 < pattern.steps.count
      && arrival.isAccepted(by: pattern.steps[step + 1].fit, after: attempt)
    guard repeats || isForbidden || proceeds else { return nil }

    var kept: [Attempt] = []
    if repeats { keep(attempt.adding(arrival.taken(at: step), pattern), in: &kept, &finished, pattern) }
    // With `restart` the wait moves with the repetition.
    let moves = repeats && attempt.isWaiting && pattern.repetition == .restart
    var rest = attempt
    rest.takesMore = attempt.takesMore && !repeats
    rest.goesOn = attempt.goesOn && !isForbidden && !proceeds && !moves
    var resting: Int?
    if !rest.isOver {
      resting = kept.count
      kept.append(rest)
    }
    if proceeds { keep(attempt.adding(arrival.taken(at: step + 1), pattern), in: &kept, &finished, pattern) }
    return (kept, resting)
  }

  private func keep(
    _ attempt: Attempt, in kept: inout [Attempt], _ finished: inout [Attempt], _ pattern: Pattern
  ) {
    if attempt.isFinished(pattern) { finished.append(attempt) }
    if !attempt.isOver { kept.append(attempt) }
  }

  private mutating func open(_ arrival: Arrival, _ limit: Int, _ finished: inout [Attempt]) -> Int {
    let pattern = arrival.pattern
    guard arrival.isAccepted(by: pattern.steps[0].fit, after: nil) else { return 0 }
    var events = [arrival.taken(at: 0)]
    if let size = pattern.ringSize {
      if let last = ring.last, arrival.event.at < last.at { return 0 }
      ring += events
      guard ring.count == size else { return 0 }
      events = ring
      ring.removeFirst()
    }
    let attempt = Attempt(events, pattern)
    if attempt.isFinished(pattern) { finished.append(attempt) }
    guard !attempt.isOver else { return 0 }
    guard attempts.count < limit || attempt.isWaiting && makesRoom(pattern) else { return 1 }
    attempts.append(attempt)
    return 0
  }

  /// With `restart` the one wait gives way to the new one.
  private func makesRoom(_ pattern: Pattern) -> Bool {
    pattern.repetition == .restart && attempts.contains { $0.isWaiting && !$0.takesMore }
  }

  /// With `restart`: of those that began to wait with this event the first stays, and every other wait ends.
  private mutating func keepOneWait(_ arrival: Arrival) {
    let isNew = { (attempt: Attempt) in attempt.isWaiting && attempt.last.sequence == arrival.sequence }
    guard let winner = attempts.firstIndex(where: isNew) else { return }
    for index in attempts.indices where index != winner && attempts[index].isWaiting { attempts[index].goesOn = false }
    attempts.removeAll(where: \.isOver)
  }

  private mutating func conclude(_ finished: [Attempt], _ arrival: Arrival, into matches: inout [Match]) {
    var prunes: [Prune] = []
    for attempt in finished where !prunes.contains(where: { $0.drops(attempt.first.position) }) {
      guard let match = arrival.place.match(attempt, at: attempt.last.at) else { continue }
      matches.append(match)
      let prune = Prune(after: attempt, arrival.pattern)
      prunes.append(prune)
      drop(prune)
    }
  }
}
