/// A 64-bit hash that is the same in every process, build and machine: for rollout, choice and partitions.
///
/// FNV-1a over the bytes, finished by the SplitMix64 mixer so that every bit depends on every byte.
/// Not a defence against crafted collisions.
public struct StableHash: Sendable {
  private var state: UInt64

  public init(seed: UInt64 = 0) { state = 0xCBF2_9CE4_8422_2325 ^ mix64(seed) }

  public mutating func combine(_ text: String) {
    for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    // A byte no UTF-8 text holds, so that ("ab", "c") and ("a", "bc") differ.
    state = (state ^ 0xFF) &* 0x0000_0100_0000_01B3
  }

  public mutating func combine(_ number: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      state = (state ^ (number >> shift & 0xFF)) &* 0x0000_0100_0000_01B3
    }
  }

  public func value() -> UInt64 { mix64(state) }

  /// A number in 0 ..< 1, from the upper 53 bits.
  public func fraction() -> Double { Double(value() >> 11) * 0x1p-53 }

  /// The hash of the parts, in their order.
  public static func of(_ parts: String..., seed: UInt64 = 0) -> StableHash {
    var hash = StableHash(seed: seed)
    for part in parts { hash.combine(part) }
    return hash
  }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
@inlinable
public func mix64(_ value: UInt64) -> UInt64 {
  var z = value
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}

/// SplitMix64: small, fast, the same everywhere. The only source of chance inside the engine and the simulations.
public struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
  public private(set) var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return mix64(state)
  }

  /// A number in 0 ..< 1.
  public mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }
}
