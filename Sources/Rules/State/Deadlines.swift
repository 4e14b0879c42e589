import AttuneModel

/// Deadlines of slots, earliest first: a radix heap (Ahuja, Mehlhorn, Orlin, Tarjan 1990). Nothing is added before the
/// last one taken out, so entries wait in buckets by the highest bit in which they differ from that one.
struct Deadlines: Sendable {
  struct Entry: Sendable {
    var at: Instant
    var slot: Handle
  }

  private var buckets: [ContiguousArray<Entry>] = Array(repeating: [], count: 65)
  /// The last deadline taken out, with its order as an unsigned number.
  private var last: UInt64 = 0
  private(set) var count = 0
  /// No deadline is before.
  private(set) var earliest = Instant.distantFuture

  var bytes: Int { buckets.reduce(0) { $0 + $1.capacity * MemoryLayout<Entry>.stride } }

  mutating func add(_ entry: Entry) {
    // One of the past rings with the earliest that can still ring.
    let entry = Entry(at: max(entry.at, Self.instant(last)), slot: entry.slot)
    buckets[bucket(of: entry.at)].append(entry)
    count += 1
    earliest = min(earliest, entry.at)
  }

  /// All entries of the earliest deadline, if that is not after `instant`.
  mutating func popFirst(through instant: Instant) -> ContiguousArray<Entry>? {
    guard count > 0 else {
      earliest = .distantFuture
      return nil
    }
    if buckets[0].isEmpty {
      guard let index = buckets.firstIndex(where: { !$0.isEmpty }),
        let first = buckets[index].lazy.map(\.at).min()
      else { return nil }
      earliest = first
      guard first <= instant else { return nil }
      last = Self.number(first)
      let moved = buckets[index]
      buckets[index] = []
      for entry in moved { buckets[bucket(of: entry.at)].append(entry) }
    } else {
      earliest = Self.instant(last)
      guard earliest <= instant else { return nil }
    }
    let found = buckets[0]
    buckets[0] = []
    count -= found.count
    return found
  }

  private func bucket(of instant: Instant) -> Int { 64 - (Self.number(instant) ^ last).leadingZeroBitCount }

  private static func number(_ instant: Instant) -> UInt64 {
    UInt64(bitPattern: instant.milliseconds) ^ (1 << 63)
  }

  private static func instant(_ number: UInt64) -> Instant {
    Instant(milliseconds: Int64(bitPattern: number ^ (1 << 63)))
  }
}
