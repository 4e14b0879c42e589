import AttuneModel

/// Finds slots by some of their key's values, for events that carry only those. It holds nothing until such an event
/// comes, and from then on what that rule and those values need.
struct PartialKeyIndex: Sendable {
  private struct Part: Hashable {
    var serial: UInt32
    var present: UInt32
  }

  private var slots: [Part: [Digest: Set<Handle>]] = [:]
  private var parts: [UInt32: [UInt32]] = [:]

  func covers(_ serial: UInt32, _ present: UInt32) -> Bool { parts[serial]?.contains(present) ?? false }

  func isUsed(by serial: UInt32) -> Bool { !parts.isEmpty && parts[serial] != nil }

  mutating func cover(_ serial: UInt32, _ present: UInt32, _ known: [(Handle, [Value])]) {
    parts[serial, default: []].append(present)
    var found: [Digest: Set<Handle>] = [:]
    for (slot, values) in known { found[Digest(values, present: present), default: []].insert(slot) }
    slots[Part(serial: serial, present: present)] = found
  }

  /// In no order.
  func find(_ serial: UInt32, _ present: UInt32, _ digest: Digest) -> Set<Handle> {
    slots[Part(serial: serial, present: present)]?[digest] ?? []
  }

  mutating func add(_ slot: Handle, _ serial: UInt32, _ values: [Value]) {
    for present in parts[serial] ?? [] {
      slots[Part(serial: serial, present: present)]?[Digest(values, present: present), default: []].insert(slot)
    }
  }

  mutating func remove(_ slot: Handle, _ serial: UInt32, _ values: [Value]) {
    for present in parts[serial] ?? [] {
      let (part, digest) = (Part(serial: serial, present: present), Digest(values, present: present))
      slots[part]?[digest]?.remove(slot)
      if slots[part]?[digest]?.isEmpty ?? false { slots[part]?[digest] = nil }
    }
  }
}
