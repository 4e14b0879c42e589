import Model

/// Memory for runs of reaches in one array, without a reference or a header each: a buddy allocator (Knowlton 1965).
///
/// Three words a reach. The first one of a free block says so, as the head of a reach would; the next two link the free
/// blocks of its order.
struct Slab: Sendable {
  /// Room for 2^order reaches.
  struct Block: Sendable, Hashable {
    var offset: UInt32
    var order: UInt8

    var capacity: Int { 1 << Int(order) }

    /// The smallest order with room for so many.
    static func order(for count: Int) -> UInt8 { UInt8(Int.bitWidth - max(0, count - 1).leadingZeroBitCount) }
  }

  /// Memory is taken in blocks of this order; what needs more has a block of its own, which is never divided.
  private static let largest: UInt8 = 10
  /// End of a list of free blocks.
  private static let none = UInt64.max

  private var words: ContiguousArray<UInt64> = []
  /// Where the lists of free blocks begin, by order.
  private var free = [UInt64](repeating: Slab.none, count: 33)

  mutating func allocate(_ order: UInt8) -> Block {
    var found = order
    while free[Int(found)] == Self.none {
      if found >= Self.largest { return extend(order) }
      found += 1
    }
    let block = Block(offset: UInt32(truncatingIfNeeded: free[Int(found)]), order: found)
    unlink(block)
    return divided(block, order)
  }

  mutating func deallocate(_ block: Block) {
    var block = block
    while block.order < Self.largest {
      let buddy = Block(offset: block.offset ^ UInt32(block.capacity), order: block.order)
      guard words[Self.place(buddy.offset)] == Self.mark(buddy.order) else { break }
      unlink(buddy)
      block.offset &= ~UInt32(block.capacity)
      block.order += 1
    }
    link(block)
  }

  func reading<T>(_ block: Block, _ count: Int, _ body: (Run) throws -> T) rethrows -> T {
    try words.withUnsafeBufferPointer { words in
      let own = UnsafeMutableBufferPointer(mutating: UnsafeBufferPointer(rebasing: words[Self.places(block)]))
      return try body(Run(own, count: count))
    }
  }

  mutating func writing<T>(_ block: Block, _ count: Int, _ body: (Run) throws -> T) rethrows -> T {
    try words.withUnsafeMutableBufferPointer { words in
      try body(Run(UnsafeMutableBufferPointer(rebasing: words[Self.places(block)]), count: count))
    }
  }

  mutating func copy(_ count: Int, from: Block, to: Block) {
    words.withUnsafeMutableBufferPointer { words in
      Run(UnsafeMutableBufferPointer(rebasing: words[Self.places(from)]), count: count)
        .copy(to: Run(UnsafeMutableBufferPointer(rebasing: words[Self.places(to)]), count: count))
    }
  }

  private mutating func extend(_ order: UInt8) -> Block {
    let new = Block(offset: UInt32(words.count / 3), order: max(order, Self.largest))
    words.append(contentsOf: repeatElement(0, count: 3 * new.capacity))
    return divided(new, order)
  }

  /// The lower part of a block in hand; the upper halves become free.
  private mutating func divided(_ block: Block, _ order: UInt8) -> Block {
    var block = block
    while block.order > order {
      block.order -= 1
      link(Block(offset: block.offset + UInt32(block.capacity), order: block.order))
    }
    return block
  }

  private mutating func link(_ block: Block) {
    let place = Self.place(block.offset)
    let next = free[Int(block.order)]
    words[place] = Self.mark(block.order)
    words[place + 1] = Self.none
    words[place + 2] = next
    if next != Self.none { words[Self.place(next) + 1] = UInt64(block.offset) }
    free[Int(block.order)] = UInt64(block.offset)
  }

  private mutating func unlink(_ block: Block) {
    let place = Self.place(block.offset)
    let (previous, next) = (words[place + 1], words[place + 2])
    if previous == Self.none { free[Int(block.order)] = next } else { words[Self.place(previous) + 2] = next }
    if next != Self.none { words[Self.place(next) + 1] = previous }
    words[place] = 0
  }

  private static func place(_ offset: some BinaryInteger) -> Int { 3 * Int(offset) }

  private static func places(_ block: Block) -> Range<Int> {
    place(block.offset)..<place(block.offset) + 3 * block.capacity
  }

  /// No reach has such a head.
  private static func mark(_ order: UInt8) -> UInt64 {
    Head(Reach(id: 0, at: .distantPast, terms: UInt32(order), marks: [], state: .free)).word
  }
}
