import AttuneModel

/// What is remembered of one user, where it stands in the slab: whose it is, the counted day, and the reaches in the
/// order of reservation. Counts are not kept but read off them, so nothing can disagree.
///
/// Packed reaches and instants come first, in pairs, then all ids: a scan needs the packed reaches, few of the instants
/// and seldom an id. Where a pair stands does not depend on how many there are, so the processor fetches them before it
/// knows. Those of one business that are not released are also in the order of their instants.
struct UserRecord: RandomAccessCollection {
  private let words: UnsafeMutableBufferPointer<UInt64>
  private let capacity: Int
  let count: Int

  /// Count, key and day.
  private static let header = 4

  static func words(for count: Int) -> Int { header + 3 * count }

  /// - Parameter words: of a whole block. Those of a reader are never written to.
  init(_ words: UnsafeMutableBufferPointer<UInt64>, count: Int) {
    self.words = words
    self.count = count
    capacity = (words.count - Self.header) / 3
  }

  static var empty: UserRecord { UserRecord(UnsafeMutableBufferPointer(start: nil, count: 0), count: 0) }

  var key: UserKey {
    get { UserKey(high: words[1], low: words[2]) }
    nonmutating set { (words[1], words[2]) = (newValue.high, newValue.low) }
  }

  /// The counted day, in days since 1970-01-01; nil where none counts any more.
  var day: Int64? {
    // No user has that many days behind them: it stands for nil.
    get { words.isEmpty || words[3] == UInt64(bitPattern: .min) ? nil : Int64(bitPattern: words[3]) }
    nonmutating set { words[3] = UInt64(bitPattern: newValue ?? .min) }
  }

  var startIndex: Int { 0 }
  var endIndex: Int { count }

  subscript(index: Int) -> RecordedReach {
    @inline(__always) get {
      let packed = packed(index)
      return RecordedReach(
        id: id(index), at: at(index), limits: packed.limits, flags: packed.flags, state: packed.state)
    }
    @inline(__always) nonmutating set {
      words[Self.header + 2 * index] = PackedReach(newValue).word
      words[Self.header + 2 * index + 1] = UInt64(bitPattern: newValue.at.milliseconds)
      words[Self.header + 2 * capacity + index] = newValue.id
    }
  }

  /// Of every reach its packed form and its instant.
  var pairs: UnsafeBufferPointer<UInt64> {
    UnsafeBufferPointer(start: words.baseAddress.map { $0 + Self.header }, count: 2 * count)
  }

  func packed(_ index: Int) -> PackedReach { PackedReach(word: words[Self.header + 2 * index]) }

  func at(_ index: Int) -> Instant {
    Instant(milliseconds: Int64(bitPattern: words[Self.header + 2 * index + 1]))
  }

  func id(_ index: Int) -> UInt64 { words[Self.header + 2 * capacity + index] }

  /// Brings into the cache what a scan may need: a word of every cache line of pairs.
  func touch() -> UInt64 {
    var seen: UInt64 = 0
    for word in stride(from: 0, to: Self.header + 2 * count, by: 8) { seen ^= words[word] }
    return seen
  }

  /// The latest of that id.
  func lastIndex(of id: UInt64) -> Int? {
    let tag = PackedReach.tag(id)
    return indices.last { packed($0).tag == tag && self.id($0) == id }
  }

  /// Without the last one.
  var others: UserRecord { UserRecord(words, count: count - 1) }

  /// Copies those that fit, and whose they are.
  func copy(to other: UserRecord) {
    other.words[0] = UInt64(other.count)
    other.key = key
    other.day = day
    for index in 0..<Swift.min(count, other.count) { other[index] = self[index] }
  }
}
