import AttuneModel

/// A user as the state knows one: a digest of their id, so that a key costs the same whatever the ids look like, and no
/// id is kept.
typealias UserKey = Digest

/// A part of a user's key, for whoever notes many users: few users share one.
public struct UserMark: Hashable, Sendable {
  public let bits: UInt32

  public init(bits: UInt32) { self.bits = bits }
  public init(_ user: String) { self.init(UserKey(user)) }
  init(_ key: UserKey) { bits = UInt32(truncatingIfNeeded: key.low >> 32) }
}

/// Where the record of a user is: open addressing with linear probing, eight bytes a slot, so that it stays in caches
/// long after the records do not. The key itself is in the record, which is read next anyway.
///
/// Homes ascend with the key's hash, so that growing goes through both tables from end to end.
struct UserTable: Sendable {
  private struct Slot: Sendable {
    /// The upper half of the key's hash, and the record's offset.
    let word: UInt64

    static let vacant = Slot(word: .max)

    init(word: UInt64) { self.word = word }

    init(_ key: UserKey, _ offset: UInt32) { word = (key.low >> 32) << 32 | UInt64(offset) }

    var isVacant: Bool { word == .max }
    var tag: UInt64 { word >> 32 }
    var offset: UInt32 { UInt32(truncatingIfNeeded: word) }
  }

  private var slots: ContiguousArray<Slot> = []
  private(set) var count = 0

  /// Where users stand; good until the next one comes or goes.
  var places: some Sequence<Int> { slots.indices.lazy.filter { !slots[$0].isVacant } }

  /// The offset of the record.
  subscript(place: Int) -> UInt32 {
    get { slots[place].offset }
    set { slots[place] = Slot(word: (slots[place].tag << 32) | UInt64(newValue)) }
  }

  func place(of key: UserKey, in slab: Slab) -> Int? {
    place(of: key.low >> 32) { slab.key(at: slots[$0].offset) == key }
  }

  /// That of the user with that hash, save that another may share half of it.
  func probableRecord(of hash: UInt64) -> UInt32? { place(of: hash >> 32) { _ in true }.map { slots[$0].offset } }

  /// Brings the user's slot into the cache.
  func touch(_ hash: UInt64) -> UInt64 { slots.isEmpty ? 0 : slots[home(of: hash >> 32)].word }

  /// - Parameter tag: the upper half of a key's hash.
  @inline(__always)
  func place(of tag: UInt64, where fits: (Int) -> Bool) -> Int? {
    if slots.isEmpty { return nil }
    var place = home(of: tag)
    while !slots[place].isVacant {
      if slots[place].tag == tag, fits(place) { return place }
      place = following(place)
    }
    return nil
  }

  /// The user must not be there yet.
  mutating func insert(_ key: UserKey, _ offset: UInt32) {
    if (count + 1) * 4 > slots.count * 3 { grow() }
    count += 1
    put(Slot(key, offset))
  }

  /// Those who stand behind it for want of their home move up.
  mutating func remove(at place: Int) {
    var gap = place
    var next = following(place)
    while !slots[next].isVacant {
      let home = home(of: slots[next].tag)
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
  }

  private mutating func put(_ slot: Slot) {
    var place = home(of: slot.tag)
    while !slots[place].isVacant { place = following(place) }
    slots[place] = slot
  }

  private mutating func grow() {
    let old = slots
    slots = ContiguousArray(repeating: .vacant, count: max(8, old.count + old.count / 2))
    for slot in old where !slot.isVacant { put(slot) }
  }

  private func home(of tag: UInt64) -> Int { Int(truncatingIfNeeded: (tag &* UInt64(slots.count)) >> 32) }

  private func following(_ place: Int) -> Int { place + 1 == slots.count ? 0 : place + 1 }
}
