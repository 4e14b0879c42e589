import Model

/// A user as the state knows one: 128 bits of their id's UTF-8, so that a key costs the same whatever the ids look like,
/// and no id is kept. With a billion users the chance that any two share a key is below 1 in 10^20.
struct UserKey: Hashable, Sendable, Comparable {
  var high: UInt64
  var low: UInt64

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  init(_ user: String) {
    if let key = user.utf8.withContiguousStorageIfAvailable(Self.init(hashing:)) {
      self = key
    } else {
      var user = user
      self = user.withUTF8(Self.init(hashing:))
    }
  }

  /// Two lanes, each a bijection of the block it takes in and of what it had: neither can lose what came before.
  private init(hashing bytes: UnsafeBufferPointer<UInt8>) {
    high = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
    low = 0xC2B2_AE3D_27D4_EB4F &+ UInt64(bytes.count)
    var start = 0
    while start < bytes.count {
      let block = Self.block(of: bytes, at: start)
      high = mix64(high ^ block)
      low = mix64(low &+ block &* 0xD6E8_FEB8_6659_FD93)
      start += 8
    }
    high = mix64(high)
    low = mix64(low)
  }

  /// Eight bytes, or the rest of them, the first in the lowest place.
  @inline(__always)
  private static func block(of bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt64 {
    let raw = UnsafeRawBufferPointer(bytes)
    func part<T: FixedWidthInteger>(_ type: T.Type, _ index: Int) -> UInt64 {
      UInt64(truncatingIfNeeded: T(littleEndian: raw.loadUnaligned(fromByteOffset: start + index, as: T.self)))
    }
    let count = bytes.count - start
    if count >= 8 { return part(UInt64.self, 0) }
    var (block, index) = (0 as UInt64, 0)
    if count & 4 != 0 { (block, index) = (part(UInt32.self, 0) & 0xFFFF_FFFF, 4) }
    if count & 2 != 0 {
      block |= (part(UInt16.self, index) & 0xFFFF) << UInt64(index * 8)
      index += 2
    }
    if count & 1 != 0 { block |= part(UInt8.self, index) << UInt64(index * 8) }
    return block
  }

  // The halves are mixed already: one is enough.
  func hash(into hasher: inout Hasher) { hasher.combine(low) }

  static func < (a: UserKey, b: UserKey) -> Bool { (a.high, a.low) < (b.high, b.low) }
}
