import Model

/// Memory for runs of reaches, without a gap between them and without a reference each: a buddy allocator (Knowlton
/// 1965) over pages. A copy shares all pages; only those that are then written to are copied.
struct Slab: Sendable {
  /// A block of 2^order reaches.
  struct Block: Sendable, Hashable {
    var page: UInt32
    var offset: UInt32
    var order: UInt8

    var capacity: Int { 1 << Int(order) }
  }

  /// A page is a block of this order; what needs more has a page of its own.
  private static let pageOrder: UInt8 = 10
  /// End of a list of free blocks.
  private static let none = UInt64.max

  private var pages: [ContiguousArray<Reach>] = []
  /// Heads of the lists of free blocks, by order. The links stand in the free memory itself.
  private var free: [UInt64] = []

  mutating func allocate(atLeast count: Int) -> Block {
    let order = UInt8(Int.bitWidth - max(0, count - 1).leadingZeroBitCount)
    while free.count <= Int(max(order, Self.pageOrder)) { free.append(Self.none) }
    var found = order
    while Int(found) < free.count, free[Int(found)] == Self.none { found += 1 }
    // A page of more than the common size is not divided: it would never be whole again.
    guard found <= max(order, Self.pageOrder) else { return newPage(order) }
    var block = Self.block(free[Int(found)], found)
    unlink(block)
    while block.order > order {
      block.order -= 1
      link(Block(page: block.page, offset: block.offset + UInt32(block.capacity), order: block.order))
    }
    return block
  }

  mutating func deallocate(_ block: Block) {
    var block = block
    while block.order < Self.pageOrder {
      let buddy = Block(page: block.page, offset: block.offset ^ UInt32(block.capacity), order: block.order)
      let head = pages[Int(buddy.page)][Int(buddy.offset)]
      guard head.state == .free, head.terms == UInt32(buddy.order) else { break }
      unlink(buddy)
      block.offset &= ~UInt32(block.capacity)
      block.order += 1
    }
    link(block)
  }

  func reading<T>(_ block: Block, _ count: Int, _ body: (UnsafeBufferPointer<Reach>) throws -> T) rethrows -> T {
    try pages[Int(block.page)].withUnsafeBufferPointer { page in
      try body(UnsafeBufferPointer(rebasing: page[Int(block.offset)..<Int(block.offset) + count]))
    }
  }

  mutating func writing<T>(
    _ block: Block, _ count: Int, _ body: (UnsafeMutableBufferPointer<Reach>) throws -> T
  ) rethrows -> T {
    try pages[Int(block.page)].withUnsafeMutableBufferPointer { page in
      try body(UnsafeMutableBufferPointer(rebasing: page[Int(block.offset)..<Int(block.offset) + count]))
    }
  }

  private mutating func newPage(_ order: UInt8) -> Block {
    let whole = Block(page: UInt32(pages.count), offset: 0, order: max(order, Self.pageOrder))
    // Not free, so that no neighbour is taken for a free one.
    let blank = Reach(id: 0, at: .distantPast, terms: 0, marks: [], state: .reserved)
    pages.append(ContiguousArray(repeating: blank, count: whole.capacity))
    if whole.order == order { return whole }
    link(whole)
    return allocate(atLeast: 1 << Int(order))
  }

  private mutating func link(_ block: Block) {
    let address = Self.address(block)
    let next = free[Int(block.order)]
    pages[Int(block.page)][Int(block.offset)] = Reach(
      id: next, at: Instant(milliseconds: Int64(bitPattern: Self.none)), terms: UInt32(block.order), marks: [],
      state: .free)
    if next != Self.none { setPrevious(of: next, to: address) }
    free[Int(block.order)] = address
  }

  private mutating func unlink(_ block: Block) {
    let head = pages[Int(block.page)][Int(block.offset)]
    let previous = UInt64(bitPattern: head.at.milliseconds)
    if previous == Self.none {
      free[Int(block.order)] = head.id
    } else {
      pages[Int(previous >> 32)][Int(previous & 0xFFFF_FFFF)].id = head.id
    }
    if head.id != Self.none { setPrevious(of: head.id, to: previous) }
    pages[Int(block.page)][Int(block.offset)].state = .reserved
  }

  private mutating func setPrevious(of address: UInt64, to previous: UInt64) {
    pages[Int(address >> 32)][Int(address & 0xFFFF_FFFF)].at = Instant(milliseconds: Int64(bitPattern: previous))
  }

  private static func address(_ block: Block) -> UInt64 { UInt64(block.page) << 32 | UInt64(block.offset) }

  private static func block(_ address: UInt64, _ order: UInt8) -> Block {
    Block(page: UInt32(truncatingIfNeeded: address >> 32), offset: UInt32(truncatingIfNeeded: address), order: order)
  }
}

extension Slab {
  /// Room for one reach more.
  mutating func makeRoom(_ ledger: inout Ledger) {
    if Int(ledger.count) == ledger.block.capacity { move(&ledger, to: allocate(atLeast: ledger.block.capacity + 1)) }
  }

  /// Gives back room for which there has been no use.
  mutating func shrink(_ ledger: inout Ledger) {
    if Int(ledger.count) <= ledger.block.capacity / 2 { move(&ledger, to: allocate(atLeast: Int(ledger.count))) }
  }

  private mutating func move(_ ledger: inout Ledger, to block: Block) {
    for index in 0..<Int(ledger.count) {
      pages[Int(block.page)][Int(block.offset) + index] =
        pages[Int(ledger.block.page)][Int(ledger.block.offset) + index]
    }
    deallocate(ledger.block)
    ledger.block = block
  }
}
