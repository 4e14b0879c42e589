/// 128 bits of some text and numbers, the same in every process, build and machine: a key of any length at a fixed cost.
/// Among a billion of them the chance that any two are equal is below 1 in 10^20. Not a defence against crafted
/// collisions.
public struct Digest: Hashable, Sendable, Comparable {
  public private(set) var high: UInt64
  public private(set) var low: UInt64

  public init(seed: UInt64 = 0) {
    high = 0x9E37_79B9_7F4A_7C15 ^ seed
    low = 0xC2B2_AE3D_27D4_EB4F &+ seed
  }

  /// Two lanes, each a bijection of the block it takes in and of what it had: neither can lose what came before.
  public mutating func combine(_ block: UInt64) {
    high = mix64(high ^ block)
    low = mix64(low &+ block &* 0xD6E8_FEB8_6659_FD93)
  }

  /// The text's length and its UTF-8, eight bytes a block.
  public mutating func combine(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      combine(UInt64(bytes.count))
      var start = 0
      while start < bytes.count {
        var block: UInt64 = 0
        for index in start..<min(start + 8, bytes.count) {
          block |= UInt64(bytes[index]) << UInt64((index - start) * 8)
        }
        combine(block)
        start += 8
      }
    }
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
