import AttuneModel

/// The slots, found by rule and key, or by rule and a part of the key.
struct SlotDirectory: Sendable {
  private var slots = Pool<Slot>()
  private var table = SlotTable()
  private var keys = KeyColumns()
  private var parts = PartialKeyIndex()

  /// Of memory, whether used or kept in reserve.
  var bytes: Int { slots.bytes + keys.bytes + table.bytes }

  /// Handles that may be slots; vacant places are among them.
  var handles: Range<Handle> { 0..<Handle(slots.end) }

  subscript(slot: Handle) -> Slot {
    _read { yield slots[slot] }
    _modify { yield &slots[slot] }
  }

  /// The values of a slot's key, in the order of the rule's.
  func key(of slot: Handle) -> [Value] { keys.values(slots[slot].values, count: Int(slots[slot].valueCount)) }

  // MARK: - Coming and going

  /// For a key that the event has whole.
  mutating func add(_ key: Digest, _ serial: UInt32, _ attributes: [Attribute], of event: Event) -> Handle {
    add(key, serial, values: keys.add(attributes, of: event), count: attributes.count)
  }

  mutating func add(_ serial: UInt32, _ values: [Value]) -> Handle {
    add(Digest(values), serial, values: keys.add(values), count: values.count)
  }

  private mutating func add(_ key: Digest, _ serial: UInt32, values: Handle, count: Int) -> Handle {
    let slot = Slot(key: key, serial: serial, values: values, valueCount: count)
    let handle = slots.add(slot)
    table.insert(handle, slot)
    if parts.isUsed(by: serial) { parts.add(handle, serial, self.key(of: handle)) }
    return handle
  }

  /// It must hold nothing any more.
  mutating func remove(_ handle: Handle) {
    let slot = slots[handle]
    if parts.isUsed(by: slot.serial) { parts.remove(handle, slot.serial, key(of: handle)) }
    table.remove(handle, slot)
    keys.remove(slot.values, count: Int(slot.valueCount))
    slots[handle] = .vacant
    slots.remove(handle)
  }

  // MARK: - Finding

  func find(_ key: Digest, _ serial: UInt32) -> Handle? { table.find(key, serial, in: slots) }

  /// Slots of a rule whose keys have these values among theirs, in the order of the keys.
  mutating func find(_ serial: UInt32, _ present: UInt32, _ digest: Digest) -> [Handle] {
    if !parts.covers(serial, present) {
      let known = handles.filter { slots[$0].serial == serial }.map { ($0, key(of: $0)) }
      parts.cover(serial, present, known)
    }
    let found = parts.find(serial, present, digest).map { ($0, key(of: $0)) }
    return found.sorted { Value.areInOrder($0.1, $1.1) ?? false }.map(\.0)
  }
}
