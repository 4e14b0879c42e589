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
    var user = user
    self = user.withUTF8(Self.init(hashing:))
  }

  /// Two lanes, each a bijection of the block it takes in and of what it had: neither can lose what came before.
  private init(hashing bytes: UnsafeBufferPointer<UInt8>) {
    high = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
    low = 0xC2B2_AE3D_27D4_EB4F &+ UInt64(bytes.count)
    var start = 0
    while start < bytes.count {
      var block: UInt64 = 0
      for index in start..<min(start + 8, bytes.count) { block |= UInt64(bytes[index]) << UInt64((index - start) * 8) }
      high = mix64(high ^ block)
      low = mix64(low &+ block &* 0xD6E8_FEB8_6659_FD93)
      start += 8
    }
    high = mix64(high)
    low = mix64(low)
  }

  // The halves are mixed already: one is enough.
  func hash(into hasher: inout Hasher) { hasher.combine(low) }

  static func < (a: UserKey, b: UserKey) -> Bool { (a.high, a.low) < (b.high, b.low) }
}
