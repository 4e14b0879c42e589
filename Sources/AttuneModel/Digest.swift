/// 128 bits of some text and numbers, the same in every process, build and machine: a key of any length at a fixed cost.
/// Among a billion of them the chance that any two are equal is below 1 in 10^20. Not a defence against crafted
/// collisions.
public struct Digest: Hashable, Sendable, Comparable {
  public private(set) var high: UInt64
  public private(set) var low: UInt64

  /// One that was taken earlier.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  public init(seed: UInt64 = 0) {
    high = 0x9E37_79B9_7F4A_7C15 ^ seed
    low = 0xC2B2_AE3D_27D4_EB4F &+ seed
  }

  public init(_ text: String) {
    self.init()
    combine(text)
  }

  /// Two lanes, each a bijection of the block it takes in and of what it had: neither can lose what came before.
  @inline(__always)
  public mutating func combine(_ block: UInt64) {
    high = mix64(high ^ block)
    low = mix64(low &+ block &* 0xD6E8_FEB8_6659_FD93)
  }

  /// The text's length and its UTF-8, eight bytes a block.
  public mutating func combine(_ text: String) {
    let bytes = text.utf8Span.span.bytes
    combine(UInt64(bytes.byteCount))
    var start = 0
    while start < bytes.byteCount {
      combine(Self.block(of: bytes, at: start))
      start += 8
    }
  }

  /// Eight bytes, or the rest of them, the first in the lowest place.
  @inline(__always)
  private static func block(of bytes: RawSpan, at start: Int) -> UInt64 {
    let count = bytes.byteCount - start
    if count >= 8 { return UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)) }
    var (block, index) = (0 as UInt64, 0)
    if count & 4 != 0 {
      block = UInt64(UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt32.self)))
      index = 4
    }
    if count & 2 != 0 {
      let part = UInt16(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: start + index, as: UInt16.self))
      block |= UInt64(part) << UInt64(index * 8)
      index += 2
    }
    if count & 1 != 0 {
      block |= UInt64(bytes.unsafeLoad(fromByteOffset: start + index, as: UInt8.self)) << UInt64(index * 8)
    }
    return block
  }

  // Both lanes are mixed already: one is enough.
  public func hash(into hasher: inout Hasher) { hasher.combine(low) }

  public static func < (a: Digest, b: Digest) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

extension Digest: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(high)
    writer.write(low)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    high = try reader.read()
    low = try reader.read()
  }
}
