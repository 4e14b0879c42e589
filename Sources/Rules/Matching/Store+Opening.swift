import AttuneModel

// How attempts begin.
extension Store {
  /// - Parameter starts: false for an event that may only go on with what began before it.
  mutating func open(
    _ arrival: inout Arrival, in slot: Handle, starts: Bool, _ limit: Int, _ outcome: inout Outcome
  ) {
    var openings = arrival.relevance.fits & arrival.plan.openings
    while openings != 0 {
      let step = openings.trailingZeroBitCount
      openings &= openings - 1
      guard arrival.canBegin(step, in: self) else { continue }
      if step == 0, let size = arrival.plan.ringSize {
        slide(size, arrival, in: slot, starts: starts, limit, &outcome)
      } else if starts {
        let node = addNode(arrival, step: step, repetition: 1, after: .none)
        begin(first: node, last: node, arrival, in: slot, limit, &outcome)
      }
    }
  }

  /// The last n events that fit, this one among them, make an attempt.
  private mutating func slide(
    _ size: Int, _ arrival: Arrival, in slot: Handle, starts: Bool, _ limit: Int, _ outcome: inout Outcome
  ) {
    if let within = arrival.pattern.within { popRing(slot) { $0.at + within <= arrival.at } }
    let end = slots[slot].ringEnd
    if end != .none, arrival.at < taken[end].at { return }
    if Int(slots[slot].ringCount) + 1 == size {
      let chain = chain(ofRing: slot, and: arrival)
      begin(first: chain.first, last: chain.last, arrival, in: slot, limit, &outcome)
      popRing(slot)
    }
    guard starts || slots[slot].ring != .none else { return }
    let until = arrival.pattern.within.map { arrival.at + $0 } ?? .distantFuture
    pushRing(addNode(arrival, step: 0, repetition: starts ? 1 : 0, after: .none), until: until, in: slot)
  }

  private mutating func begin(
    first: Handle, last: Handle, _ arrival: Arrival, in slot: Handle, _ limit: Int, _ outcome: inout Outcome
  ) {
    let attempt = settled(first: first, last: last, arrival.pattern, &outcome)
    if attempt.isOver {
      release(last)
      return
    }
    guard Int(slots[slot].count) < limit || attempt.isWaiting && makesRoom(arrival.pattern, in: slot) else {
      outcome.refused += 1
      release(last)
      return
    }
    append(attempt, in: slot, arrival.pattern)
  }

  /// With `restart` the one wait gives way to the new one.
  private func makesRoom(_ pattern: Pattern, in slot: Handle) -> Bool {
    guard pattern.repetition == .restart else { return false }
    var current = slots[slot].head
    while current != .none {
      if attempts[current].options.subtracting(.fresh) == .wait { return true }
      current = attempts[current].next
    }
    return false
  }
}

extension Arrival {
  /// Whether it fits a step and an attempt may begin with that: what a greedy step that is passed over would take is
  /// kept from the next.
  mutating func canBegin(_ step: Int, in store: borrowing Store) -> Bool {
    guard fits(step, after: .none, in: store), hasValues(for: step), !ends(step) else { return false }
    for passed in 0..<step where plan.steps[passed].isGreedy {
      if !ends(passed), fits(passed, after: .none, in: store) { return false }
    }
    return true
  }

  /// Whether it has what `same` and `distinct` ask for: without that it fits no repetition, the first one included.
  func hasValues(for step: Int) -> Bool {
    guard plan.steps[step].isSelective else { return true }
    let expressions = [pattern.steps[step].same, pattern.steps[step].distinct]
    return expressions.allSatisfy { $0.map { value(of: $0) != nil } ?? true }
  }

  /// Whether it fits a step to begin with.
  mutating func opensSomething(in store: borrowing Store) -> Bool {
    var openings = relevance.fits & plan.openings
    while openings != 0 {
      if fits(openings.trailingZeroBitCount, after: .none, in: store) { return true }
      openings &= openings - 1
    }
    return false
  }
}
