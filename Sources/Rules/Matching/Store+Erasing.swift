import AttuneModel

// What is known of a user, wherever it is kept.
extension Store {
  /// Forgets a slot's attempts, matches held back, fired absences and events in wait that keep a user's id.
  mutating func erase(_ id: Value, in slot: Handle) {
    removeAttempts(in: slot) { store, attempt in store.chain(endingAt: attempt.last).contains { $0.keeps(id) } }
    removeFired(in: slot) { store, attempt in store.chain(endingAt: attempt.last).contains { $0.keeps(id) } }
    removeHeld(in: slot) { store, attempt in store.chain(endingAt: attempt.last).contains { $0.keeps(id) } }
    eraseRing(id, in: slot)
  }

  private mutating func eraseRing(_ id: Value, in slot: Handle) {
    var all: [(event: Taken, repetition: Int)] = []
    var node = slots[slot].ring
    while node != .none {
      all.append((event(node), Int(taken[node].repetition)))
      node = taken[node].previous
    }
    let kept = all.filter { !$0.event.keeps(id) }
    if kept.count == all.count { return }
    let until = slots[slot].ringUntil
    while slots[slot].ring != .none { popRing(slot) }
    // A ring begins with an event that an attempt can begin with.
    for (event, repetition) in kept.drop(while: { $0.repetition == 0 }) {
      pushRing(add(event, after: .none, repetition: repetition), until: until, in: slot)
    }
  }
}

extension Taken {
  fileprivate func keeps(_ id: Value) -> Bool {
    values.contains(id) || details.members.contains { $0.value == id }
  }
}
