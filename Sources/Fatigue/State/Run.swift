import Model

/// The reaches of one user where they stand in the slab: all heads, each with its instant, then all ids. A look through
/// them seldom needs an id, and so two thirds of the memory.
struct Run: RandomAccessCollection {
  /// Three for each reach there is room for.
  private let words: UnsafeMutableBufferPointer<UInt64>
  private let capacity: Int
  let count: Int

  /// - Parameter words: of a whole block. Those of a reader are never written to.
  init(_ words: UnsafeMutableBufferPointer<UInt64>, count: Int) {
    self.words = words
    self.count = count
    capacity = words.count / 3
  }

  static var empty: Run { Run(UnsafeMutableBufferPointer(start: nil, count: 0), count: 0) }

  var startIndex: Int { 0 }
  var endIndex: Int { count }

  subscript(index: Int) -> Reach {
    get {
      let head = head(index)
      return Reach(
        id: words[2 * capacity + index], at: at(index), terms: head.terms, marks: head.marks, state: head.state)
    }
    nonmutating set {
      words[2 * index] = Head(newValue).word
      words[2 * index + 1] = UInt64(bitPattern: newValue.at.milliseconds)
      words[2 * capacity + index] = newValue.id
    }
  }

  func head(_ index: Int) -> Head { Head(word: words[2 * index]) }

  func at(_ index: Int) -> Instant { Instant(milliseconds: Int64(bitPattern: words[2 * index + 1])) }

  func id(_ index: Int) -> UInt64 { words[2 * capacity + index] }

  /// The latest of that id.
  func lastIndex(of id: UInt64) -> Int? {
    let tag = Head.tag(id)
    return indices.last { head($0).tag == tag && self.id($0) == id }
  }

  /// Without the last one.
  var others: Run { Run(words, count: count - 1) }

  /// Copies those that fit.
  func copy(to other: Run) {
    for index in 0..<Swift.min(count, other.count) { other[index] = self[index] }
  }
}
