import Model

/// Users and their ledgers, key and ledger side by side, so that finding one costs one look into memory: open addressing
/// with linear probing. Homes ascend with the key's hash, so that growing goes through both tables from end to end.
struct UserTable: Sendable {
  struct Slot: Sendable {
    var key: UserKey
    var ledger: Ledger
    /// A ledger without a reach belongs to nobody.
    var isVacant: Bool { ledger.count == 0 }

    static let vacant = Slot(key: UserKey(high: 0, low: 0), ledger: .none)
  }

  private var slots: ContiguousArray<Slot> = []
  private(set) var count = 0

  /// Where users stand; good until the next one comes or goes.
  var places: some Sequence<Int> { slots.indices.lazy.filter { !slots[$0].isVacant } }

  func key(at place: Int) -> UserKey { slots[place].key }

  subscript(place: Int) -> Ledger {
    get { slots[place].ledger }
    set { slots[place].ledger = newValue }
  }

  func place(of key: UserKey) -> Int? {
    if slots.isEmpty { return nil }
    var place = home(of: key)
    while !slots[place].isVacant {
      if slots[place].key == key { return place }
      place = following(place)
    }
    return nil
  }

  /// The user must not be there yet, and the ledger not be empty.
  mutating func insert(_ key: UserKey, _ ledger: Ledger) {
    if (count + 1) * 4 > slots.count * 3 { grow() }
    count += 1
    put(Slot(key: key, ledger: ledger))
  }

  /// Those who stand behind it for want of their home move up.
  mutating func remove(at place: Int) -> Ledger {
    let removed = slots[place].ledger
    var gap = place
    var next = following(place)
    while !slots[next].isVacant {
      let home = home(of: slots[next].key)
      // Whether its home lies after the gap, on the way round to where it stands.
      let staysPut = gap <= next ? gap < home && home <= next : gap < home || home <= next
      if !staysPut {
        slots[gap] = slots[next]
        gap = next
      }
      next = following(next)
    }
    slots[gap] = .vacant
    count -= 1
    return removed
  }

  private mutating func put(_ slot: Slot) {
    var place = home(of: slot.key)
    while !slots[place].isVacant { place = following(place) }
    slots[place] = slot
  }

  private mutating func grow() {
    let old = slots
    slots = ContiguousArray(repeating: .vacant, count: max(8, old.count + old.count / 2))
    for slot in old where !slot.isVacant { put(slot) }
  }

  private func home(of key: UserKey) -> Int { Int(key.low.multipliedFullWidth(by: UInt64(slots.count)).high) }

  private func following(_ place: Int) -> Int { place + 1 == slots.count ? 0 : place + 1 }
}
