import AttuneModel

/// What is remembered of one user, where it stands in the slab: whose it is, the counted day, and the reaches in the
/// order of reservation. Counts are not kept but read off them, so nothing can disagree.
///
/// Heads and instants come first, in pairs, then all ids: a look through the reaches needs the heads, few of the instants
/// and seldom an id. Where a pair stands does not depend on how many there are, so the processor fetches them before it
/// knows. Those of one business that are not released are also in the order of their instants.
struct Ledger: RandomAccessCollection {
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

  static var empty: Ledger { Ledger(UnsafeMutableBufferPointer(start: nil, count: 0), count: 0) }

  var key: UserKey {
    get { UserKey(high: words[1], low: words[2]) }
    nonmutating set { (words[1], words[2]) = (newValue.high, newValue.low) }
  }

  /// The counted day; nil where none counts any more.
  var day: Int64? {
    // The day that many ages ago counts for nobody.
    get { words.isEmpty || words[3] == UInt64(bitPattern: .min) ? nil : Int64(bitPattern: words[3]) }
    nonmutating set { words[3] = UInt64(bitPattern: newValue ?? .min) }
  }

  var startIndex: Int { 0 }
  var endIndex: Int { count }

  subscript(index: Int) -> Reach {
    @inline(__always) get {
      let head = head(index)
      return Reach(id: id(index), at: at(index), terms: head.terms, marks: head.marks, state: head.state)
    }
    @inline(__always) nonmutating set {
      words[Self.header + 2 * index] = Head(newValue).word
      words[Self.header + 2 * index + 1] = UInt64(bitPattern: newValue.at.milliseconds)
      words[Self.header + 2 * capacity + index] = newValue.id
    }
  }

  /// Of every reach its head and its instant.
  var pairs: UnsafeBufferPointer<UInt64> {
    UnsafeBufferPointer(start: words.baseAddress.map { $0 + Self.header }, count: 2 * count)
  }

  func head(_ index: Int) -> Head { Head(word: words[Self.header + 2 * index]) }

  func at(_ index: Int) -> Instant {
    Instant(milliseconds: Int64(bitPattern: words[Self.header + 2 * index + 1]))
  }

  func id(_ index: Int) -> UInt64 { words[Self.header + 2 * capacity + index] }

  /// Brings into the cache what a look through the reaches may need: a word of every line of heads and instants.
  func touch() -> UInt64 {
    var seen: UInt64 = 0
    for word in stride(from: 0, to: Self.header + 2 * count, by: 8) { seen ^= words[word] }
    return seen
  }

  /// The latest of that id.
  func lastIndex(of id: UInt64) -> Int? {
    let tag = Head.tag(id)
    return indices.last { head($0).tag == tag && self.id($0) == id }
  }

  /// Without the last one.
  var others: Ledger { Ledger(words, count: count - 1) }

  /// Copies those that fit, and whose they are.
  func copy(to other: Ledger) {
    other.words[0] = UInt64(other.count)
    other.key = key
    other.day = day
    for index in 0..<Swift.min(count, other.count) { other[index] = self[index] }
  }
}
