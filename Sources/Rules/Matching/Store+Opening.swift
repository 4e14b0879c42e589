import Model

// How attempts begin.
extension Store {
  /// - Parameter starts: false for an event that may only go on with what began before it.
  mutating func open(
    _ arrival: inout Arrival, in slot: Handle, starts: Bool, _ limit: Int, _ outcome: inout Outcome
  ) {
    let pattern = arrival.pattern
    var openings = arrival.relevance.fits & pattern.plan.openings
    while openings != 0 {
      let step = openings.trailingZeroBitCount
      openings &= openings - 1
      guard arrival.fits(step, after: { [] }), arrival.canBegin(step) else { continue }
      if step == 0, let size = pattern.plan.ringSize {
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
  /// Whether an attempt may begin with this step. An event without a value for `same` or `distinct` fits no repetition,
  /// the first one included; what a greedy step that is passed over would take is kept from the next.
  mutating func canBegin(_ step: Int) -> Bool {
    let steps = pattern.steps
    for expression in [steps[step].same, steps[step].distinct] {
      if let expression, value(of: expression) == nil { return false }
    }
    for passed in 0..<step where steps[passed].isGreedy {
      if !ends(passed), fits(passed, after: { [] }) { return false }
    }
    return true
  }
}
