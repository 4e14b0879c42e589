import AttuneModel

/// An event that attempts have taken, with the one before it.
struct ChainNode: Sendable {
  var at: Instant
  var sequence: UInt64
  fileprivate(set) var previous: Handle
  /// Attempts that end here and nodes that follow.
  fileprivate var references: UInt32 = 1
  /// None where the rule keeps nothing and the event has no id.
  fileprivate var details: Handle
  /// The step in the upper byte, the number of the repetition, from 1, in the rest.
  private var place: UInt32

  fileprivate init(
    at: Instant, sequence: UInt64, step: Int, repetition: Int, details: Handle, after previous: Handle
  ) {
    self.at = at
    self.sequence = sequence
    self.previous = previous
    self.details = details
    place = UInt32(step) << 24 | UInt32(min(repetition, 0xFF_FFFF))
  }

  var step: Int { Int(place >> 24) }
  var repetition: Int { Int(place & 0xFF_FFFF) }
  var position: EventPosition { EventPosition(at: at, sequence: sequence) }
}

/// The events that attempts have taken, in chains from the last to the first. Attempts that branched share what they
/// took before: a node counts the references to it, and is freed with the last one.
struct EventChains: Sendable {
  private var nodes = Pool<ChainNode>()
  private var details = Pool<TakenEvent.Details>()

  var bytes: Int { nodes.bytes + details.bytes }

  subscript(node: Handle) -> ChainNode {
    _read { yield nodes[node] }
  }

  // MARK: - Adding

  /// A node after another one, to which the caller keeps its reference. The caller gets one to the new node.
  mutating func branch(
    at: Instant, sequence: UInt64, step: Int, repetition: Int, details: TakenEvent.Details?, after previous: Handle
  ) -> Handle {
    if previous != .none { nodes[previous].references += 1 }
    return append(
      at: at, sequence: sequence, step: step, repetition: repetition, details: details, after: previous)
  }

  /// A node after another one; the caller's reference passes to the new node.
  mutating func append(
    at: Instant, sequence: UInt64, step: Int, repetition: Int, details: TakenEvent.Details?, after previous: Handle
  ) -> Handle {
    let kept = details.map { self.details.add($0) } ?? .none
    return nodes.add(
      ChainNode(at: at, sequence: sequence, step: step, repetition: repetition, details: kept, after: previous))
  }

  /// As it was told of; without a repetition it counts on from the node before.
  mutating func append(_ event: TakenEvent, repetition: Int? = nil, after previous: Handle) -> Handle {
    let follows = previous != .none && nodes[previous].step == event.step
    return append(
      at: event.at, sequence: event.sequence, step: event.step,
      repetition: repetition ?? (follows ? nodes[previous].repetition + 1 : 1),
      details: event.details == TakenEvent.Details() ? nil : event.details, after: previous)
  }

  /// A copy of one node in another place; the caller's reference to `previous` passes to it.
  mutating func append(copyOf node: Handle, step: Int, repetition: Int, after previous: Handle) -> Handle {
    let source = nodes[node]
    return append(
      at: source.at, sequence: source.sequence, step: step, repetition: repetition,
      details: source.details == .none ? nil : details[source.details], after: previous)
  }

  /// Says which node is known by another one that knew none.
  mutating func link(_ node: Handle, to previous: Handle) { nodes[node].previous = previous }

  // MARK: - Letting go

  mutating func retain(_ node: Handle) { nodes[node].references += 1 }

  /// Gives up one reference to a chain's end.
  mutating func release(_ node: Handle) {
    var node = node
    while node != .none {
      nodes[node].references -= 1
      guard nodes[node].references == 0 else { return }
      node = remove(node)
    }
  }

  /// Frees one node, and returns the one it knew.
  mutating func remove(_ node: Handle) -> Handle {
    let previous = nodes[node].previous
    let held = nodes[node].details
    if held != .none {
      details[held] = TakenEvent.Details()
      details.remove(held)
    }
    nodes.remove(node)
    return previous
  }

  // MARK: - Reading

  /// The events of a chain, in their order.
  func chain(endingAt last: Handle) -> [TakenEvent] {
    var count = 0
    var node = last
    while node != .none {
      count += 1
      node = nodes[node].previous
    }
    if count == 0 { return [] }
    var chain = Array(repeating: event(last), count: count)
    node = nodes[last].previous
    while node != .none {
      count -= 1
      chain[count - 1] = event(node)
      node = nodes[node].previous
    }
    return chain
  }

  func event(_ handle: Handle) -> TakenEvent {
    let node = nodes[handle]
    var event = TakenEvent(step: node.step, sequence: node.sequence, at: node.at)
    if node.details != .none { event.details = details[node.details] }
    return event
  }

  /// One of the values that a node keeps.
  func value(_ index: Int, of node: Handle) -> Value? {
    let held = nodes[node].details
    guard held != .none else { return nil }
    let values = details[held].values
    return index < values.count ? values[index] : nil
  }

  /// Where a chain begins.
  func first(of last: Handle) -> Handle {
    var first = last
    while nodes[first].previous != .none { first = nodes[first].previous }
    return first
  }
}
