import AttuneModel

// Chains of taken events: they are shared, and go when nobody refers to them.
extension Store {
  /// A node after another one, which gains a reference by it.
  mutating func addNode(_ arrival: Arrival, step: Int, repetition: Int, after previous: Handle) -> Handle {
    if previous != .none { taken[previous].references += 1 }
    let details = details(of: arrival, at: step)
    return taken.add(
      TakenNode(
        at: arrival.at, sequence: arrival.sequence, step: step, repetition: repetition, details: details,
        after: previous))
  }

  private mutating func details(of arrival: Arrival, at step: Int) -> Handle {
    let id = arrival.waiting.event.id
    guard arrival.plan.steps[step].keeps else { return id == nil ? .none : details.add(TakenNode.Details(id: id)) }
    let event = arrival.waiting.event
    let kept = arrival.pattern.steps[step]
    var values = kept.kept.map { $0.value(in: event) }
    for expression in [kept.same, kept.distinct].compactMap({ $0 }) { values.append(arrival.value(of: expression)) }
    return details.add(
      TakenNode.Details(id: id, values: values, members: kept.objects.flatMap { event.properties.members(of: $0) }))
  }

  mutating func retain(_ node: Handle) { taken[node].references += 1 }

  /// Gives up one reference to a chain's end.
  mutating func release(_ node: Handle) {
    var node = node
    while node != .none {
      taken[node].references -= 1
      guard taken[node].references == 0 else { return }
      node = drop(node)
    }
  }

  /// Frees one node, and returns the one it knew.
  mutating func drop(_ node: Handle) -> Handle {
    let previous = taken[node].previous
    let held = taken[node].details
    if held != .none {
      details[held] = TakenNode.Details()
      details.remove(held)
    }
    taken.remove(node)
    return previous
  }

  /// The events of a chain, in their order.
  func chain(endingAt last: Handle) -> [Taken] {
    var count = 0
    var node = last
    while node != .none {
      count += 1
      node = taken[node].previous
    }
    if count == 0 { return [] }
    var chain = Array(repeating: event(last), count: count)
    node = taken[last].previous
    while node != .none {
      count -= 1
      chain[count - 1] = event(node)
      node = taken[node].previous
    }
    return chain
  }

  func event(_ handle: Handle) -> Taken {
    let node = taken[handle]
    var event = Taken(step: node.step, sequence: node.sequence, at: node.at)
    if node.details != .none { event.details = details[node.details] }
    return event
  }
}
