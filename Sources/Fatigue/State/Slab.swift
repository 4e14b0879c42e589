import Model

/// Memory for runs of reaches in one array, without a reference or a header each: a buddy allocator (Knowlton 1965).
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

  private var reaches: ContiguousArray<Reach> = []
  /// Heads of the lists of free blocks, by order. The links stand in the free memory itself.
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
      let head = reaches[Int(buddy.offset)]
      guard head.state == .free, head.terms == UInt32(buddy.order) else { break }
      unlink(buddy)
      block.offset &= ~UInt32(block.capacity)
      block.order += 1
    }
    link(block)
  }

  func reading<T>(_ offset: UInt32, _ count: UInt32, _ body: (UnsafeBufferPointer<Reach>) throws -> T) rethrows -> T {
    try reaches.withUnsafeBufferPointer { all in
      try body(UnsafeBufferPointer(rebasing: all[Int(offset)..<Int(offset) + Int(count)]))
    }
  }

  mutating func writing<T>(
    _ offset: UInt32, _ count: UInt32, _ body: (UnsafeMutableBufferPointer<Reach>) throws -> T
  ) rethrows -> T {
    try reaches.withUnsafeMutableBufferPointer { all in
      try body(UnsafeMutableBufferPointer(rebasing: all[Int(offset)..<Int(offset) + Int(count)]))
    }
  }

  mutating func copy(_ count: UInt32, from: UInt32, to: UInt32) {
    for index in 0..<Int(count) { reaches[Int(to) + index] = reaches[Int(from) + index] }
  }

  private mutating func extend(_ order: UInt8) -> Block {
    let new = Block(offset: UInt32(reaches.count), order: max(order, Self.largest))
    // Not free, so that no neighbour is taken for a free one.
    let blank = Reach(id: 0, at: .distantPast, terms: 0, marks: [], state: .reserved)
    reaches.append(contentsOf: repeatElement(blank, count: new.capacity))
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
    let next = free[Int(block.order)]
    reaches[Int(block.offset)] = Reach(
      id: next, at: Self.instant(Self.none), terms: UInt32(block.order), marks: [], state: .free)
    if next != Self.none { reaches[Int(next)].at = Self.instant(UInt64(block.offset)) }
    free[Int(block.order)] = UInt64(block.offset)
  }

  private mutating func unlink(_ block: Block) {
    let head = reaches[Int(block.offset)]
    let previous = UInt64(bitPattern: head.at.milliseconds)
    if previous == Self.none { free[Int(block.order)] = head.id } else { reaches[Int(previous)].id = head.id }
    if head.id != Self.none { reaches[Int(head.id)].at = Self.instant(previous) }
    reaches[Int(block.offset)].state = .reserved
  }

  private static func instant(_ address: UInt64) -> Instant { Instant(milliseconds: Int64(bitPattern: address)) }
}
