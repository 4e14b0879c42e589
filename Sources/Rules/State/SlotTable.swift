import AttuneModel

/// Finds slots by key and rule: open addressing with linear probing over words of a fingerprint and a handle, so that
/// growing looks at nothing else.
struct SlotTable: Sendable {
  private var words: ContiguousArray<UInt64> = []
  private var count = 0

  private static let vacant = UInt64.max

  var bytes: Int { words.capacity * MemoryLayout<UInt64>.stride }

  func find(_ key: Digest, _ serial: UInt32, in slots: Pool<Slot>) -> Handle? {
    if words.isEmpty { return nil }
    let print = Self.fingerprint(key, serial)
    var place = home(of: print)
    while words[place] != Self.vacant {
      if words[place] >> 32 == print {
        let handle = Handle(truncatingIfNeeded: words[place])
        if slots[handle].key == key, slots[handle].serial == serial { return handle }
      }
      place = following(place)
    }
    return nil
  }

  /// It must not be there yet.
  mutating func insert(_ handle: Handle, _ slot: Slot) {
    if (count + 1) * 4 > words.count * 3 { grow() }
    count += 1
    put(Self.fingerprint(slot.key, slot.serial) << 32 | UInt64(handle))
  }

  /// Entries behind it that are not at their home place move up.
  mutating func remove(_ handle: Handle, _ slot: Slot) {
    guard !words.isEmpty else { return }
    let word = Self.fingerprint(slot.key, slot.serial) << 32 | UInt64(handle)
    var gap = home(of: word >> 32)
    while words[gap] != word {
      if words[gap] == Self.vacant { return }
      gap = following(gap)
    }
    var next = following(gap)
    while words[next] != Self.vacant {
      let home = home(of: words[next] >> 32)
      // Whether its home lies after the gap, on the way round to where it stands.
      let staysPut = gap <= next ? gap < home && home <= next : gap < home || home <= next
      if !staysPut {
        words[gap] = words[next]
        gap = next
      }
      next = following(next)
    }
    words[gap] = Self.vacant
    count -= 1
  }

  private mutating func put(_ word: UInt64) {
    var place = home(of: word >> 32)
    while words[place] != Self.vacant { place = following(place) }
    words[place] = word
  }

  private mutating func grow() {
    let old = words
    words = ContiguousArray(repeating: Self.vacant, count: max(16, old.count + old.count / 2))
    for word in old where word != Self.vacant { put(word) }
  }

  /// Homes ascend with it. Handles never reach 2^32 - 1, so no word looks vacant.
  private static func fingerprint(_ key: Digest, _ serial: UInt32) -> UInt64 { mix64(key.low &+ UInt64(serial)) >> 32 }

  private func home(of print: UInt64) -> Int { Int((print &* UInt64(words.count)) >> 32) }

  private func following(_ place: Int) -> Int { place + 1 == words.count ? 0 : place + 1 }
}
