import AttuneModel

/// Memory for records in one array, without a reference or an allocation each: a buddy allocator (Knowlton 1965).
///
/// Its unit is a line of the processor's caches, and it begins with one. The first word of a free block says so, where
/// a record has its count; the next two link the free blocks of its order.
struct Slab: Sendable {
  /// 2^order lines.
  struct Block: Sendable, Hashable {
    var offset: UInt32
    var order: UInt8

    @inline(__always) var lines: Int { 1 << Int(order) }

    /// The smallest order with room for a record of so many.
    static func order(for count: Int) -> UInt8 {
      let lines = (UserRecord.words(for: count) + wordsPerLine - 1) / wordsPerLine
      return UInt8(truncatingIfNeeded: Int.bitWidth - (lines - 1).leadingZeroBitCount)
    }
  }

  /// 64 bytes, where 64 divides their address.
  private typealias Line = SIMD8<UInt64>
  private static let wordsPerLine = 8

  /// Memory is taken in blocks of this order; what needs more has a block of its own, which is never divided.
  private static let largest: UInt8 = 10
  /// End of a list of free blocks.
  private static let none = UInt64.max

  private var lines: ContiguousArray<Line> = []
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
      let buddy = Block(offset: block.offset ^ UInt32(block.lines), order: block.order)
      guard lines[Int(buddy.offset)][0] == Self.mark(buddy.order) else { break }
      unlink(buddy)
      block.offset &= ~UInt32(block.lines)
      block.order += 1
    }
    link(block)
  }

  /// Opens a record of a user; of the reaches there is only the room.
  mutating func open(_ key: UserKey, count: Int) -> UInt32 {
    let offset = allocate(Block.order(for: count)).offset
    lines[Int(offset)] = [UInt64(count), key.high, key.low, UInt64(bitPattern: .min), 0, 0, 0, 0]
    return offset
  }

  /// Gives a record room for so many, with the reaches there that fit.
  ///
  /// - Returns: where it stands from now on.
  mutating func resize(_ offset: UInt32, to count: Int) -> UInt32 {
    let old = block(at: offset)
    let order = Block.order(for: count)
    if order == old.order {
      lines[Int(offset)][0] = UInt64(count)
      return offset
    }
    let new = allocate(order)
    lines.withUnsafeMutableBytes { bytes in
      let record = UserRecord(Self.words(bytes, old), count: Self.count(bytes, offset))
      record.copy(to: UserRecord(Self.words(bytes, new), count: count))
    }
    deallocate(old)
    return new.offset
  }

  mutating func close(_ offset: UInt32) { deallocate(block(at: offset)) }

  func key(at offset: UInt32) -> UserKey {
    let line = lines[Int(offset)]
    return UserKey(high: line[1], low: line[2])
  }

  func count(at offset: UInt32) -> Int { Int(truncatingIfNeeded: lines[Int(offset)][0]) }

  /// The record at an offset; it must not be changed.
  @inline(__always)
  func reading<T>(_ offset: UInt32, _ body: (UserRecord) throws -> T) rethrows -> T {
    try lines.withUnsafeBytes { bytes in
      try body(Self.record(UnsafeMutableRawBufferPointer(mutating: bytes), offset))
    }
  }

  @inline(__always)
  mutating func writing<T>(_ offset: UInt32, _ body: (UserRecord) throws -> T) rethrows -> T {
    try lines.withUnsafeMutableBytes { bytes in try body(Self.record(bytes, offset)) }
  }

  private func block(at offset: UInt32) -> Block {
    Block(offset: offset, order: Block.order(for: Int(truncatingIfNeeded: lines[Int(offset)][0])))
  }

  @inline(__always)
  private static func record(_ bytes: UnsafeMutableRawBufferPointer, _ offset: UInt32) -> UserRecord {
    let count = count(bytes, offset)
    return UserRecord(words(bytes, Block(offset: offset, order: Block.order(for: count))), count: count)
  }

  @inline(__always)
  private static func count(_ bytes: UnsafeMutableRawBufferPointer, _ offset: UInt32) -> Int {
    Int(truncatingIfNeeded: words(bytes, Block(offset: offset, order: 0))[0])
  }

  @inline(__always)
  private static func words(
    _ bytes: UnsafeMutableRawBufferPointer, _ block: Block
  ) -> UnsafeMutableBufferPointer<UInt64> {
    let start = Int(block.offset) * wordsPerLine
    let words = bytes.baseAddress?.assumingMemoryBound(to: UInt64.self)
    return UnsafeMutableBufferPointer(start: words.map { $0 + start }, count: block.lines * wordsPerLine)
  }

  private mutating func extend(_ order: UInt8) -> Block {
    let new = Block(offset: UInt32(truncatingIfNeeded: lines.count), order: max(order, Self.largest))
    lines.append(contentsOf: repeatElement(.zero, count: new.lines))
    return divided(new, order)
  }

  /// The lower part of a block in hand; the upper halves become free.
  private mutating func divided(_ block: Block, _ order: UInt8) -> Block {
    var block = block
    while block.order > order {
      block.order -= 1
      link(Block(offset: block.offset + UInt32(block.lines), order: block.order))
    }
    return block
  }

  private mutating func link(_ block: Block) {
    let next = free[Int(block.order)]
    lines[Int(block.offset)] = [Self.mark(block.order), Self.none, next, 0, 0, 0, 0, 0]
    if next != Self.none { lines[Int(next)][1] = UInt64(block.offset) }
    free[Int(block.order)] = UInt64(block.offset)
  }

  private mutating func unlink(_ block: Block) {
    let head = lines[Int(block.offset)]
    let (previous, next) = (head[1], head[2])
    if previous == Self.none { free[Int(block.order)] = next } else { lines[Int(previous)][2] = next }
    if next != Self.none { lines[Int(next)][1] = previous }
    lines[Int(block.offset)][0] = 0
  }

  /// No record has such a count.
  private static func mark(_ order: UInt8) -> UInt64 { .max - UInt64(order) }
}
