import AttuneModel

/// Everything open, for every rule and key: slots with their attempts, and the events those have taken.
struct Store: Sendable {
  var slots = Pool<Slot>()
  var attempts = Pool<Attempt>()
  var taken = Pool<TakenNode>()
  var details = Pool<TakenNode.Details>()
  var keys = KeyColumns()
  var deadlines = Deadlines()
  private var table = SlotTable()
  private var parts = PartIndex()
  /// Where the sweep goes on.
  private var hand: Handle = 0

  /// Handles that may be slots; vacant places are among them.
  var handles: Range<Handle> { 0..<Handle(slots.end) }

  /// Of memory, whether used or kept in reserve.
  var bytes: Int {
    slots.bytes + attempts.bytes + taken.bytes + details.bytes + keys.bytes + deadlines.bytes + table.bytes
  }

  func slot(_ key: Digest, _ serial: UInt32) -> Handle? { table.find(key, serial, in: slots) }

  func values(of slot: Handle) -> [Value] { keys.values(slots[slot].values, count: Int(slots[slot].valueCount)) }

  /// Opens a slot for a key the event has whole.
  mutating func addSlot(_ key: Digest, _ serial: UInt32, _ attributes: [Attribute], of event: Event) -> Handle {
    addSlot(key, serial, values: keys.add(attributes, of: event), count: attributes.count)
  }

  mutating func addSlot(_ serial: UInt32, _ values: [Value]) -> Handle {
    addSlot(Digest(values), serial, values: keys.add(values), count: values.count)
  }

  private mutating func addSlot(_ key: Digest, _ serial: UInt32, values: Handle, count: Int) -> Handle {
    let slot = Slot(key: key, serial: serial, values: values, valueCount: count)
    let handle = slots.add(slot)
    table.insert(handle, slot)
    if parts.isUsed(by: serial) { parts.add(handle, serial, self.values(of: handle)) }
    return handle
  }

  /// With all it holds.
  mutating func removeSlot(_ handle: Handle) {
    clear(handle)
    let slot = slots[handle]
    if parts.isUsed(by: slot.serial) { parts.remove(handle, slot.serial, values(of: handle)) }
    table.remove(handle, slot)
    keys.remove(slot.values, count: Int(slot.valueCount))
    slots[handle] = .vacant
    slots.remove(handle)
  }

  /// Slots of a rule whose keys have these values among theirs, in the order of the keys.
  mutating func slots(_ serial: UInt32, _ present: UInt32, _ digest: Digest) -> [Handle] {
    if !parts.covers(serial, present) {
      let known = handles.filter { slots[$0].serial == serial }.map { ($0, values(of: $0)) }
      parts.cover(serial, present, known)
    }
    let found = parts.find(serial, present, digest).map { ($0, values(of: $0)) }
    return found.sorted { Value.areInOrder($0.1, $1.1) ?? false }.map(\.0)
  }

  /// After many slots went, so that their timers do not ring.
  mutating func rebuildDeadlines() {
    deadlines = Deadlines()
    for slot in handles where !slots[slot].isVacant && slots[slot].scheduled < .distantFuture {
      deadlines.add(Deadlines.Entry(at: slots[slot].scheduled, slot: slot))
    }
  }

  /// Looks at some slots, a few at each call and round and round, and gives up those of no further use.
  mutating func sweep(_ count: Int, now: Instant) {
    for _ in 0..<count {
      if Int(hand) >= slots.end { hand = 0 }
      guard Int(hand) < slots.end else { return }
      if !slots[hand].isVacant, slots[hand].isEmpty || slots[hand].isOver(by: now) { removeSlot(hand) }
      hand += 1
    }
  }
}
