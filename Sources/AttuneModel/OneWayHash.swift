/// SHA-256 (FIPS 180-4), for what must not be read back. Slow beside `Digest`: half a microsecond a block of 64 bytes.
struct OneWayHash {
  private var state: [UInt32] = [
    0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19,
  ]

  /// The hash of a message, as eight words.
  static func of(_ message: [UInt8]) -> [UInt32] {
    var padded = message
    padded.append(0x80)
    padded.append(contentsOf: repeatElement(0, count: (120 - padded.count % 64) % 64))
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      padded.append(UInt8(truncatingIfNeeded: (UInt64(message.count) * 8) >> shift))
    }
    var hash = OneWayHash()
    for start in stride(from: 0, to: padded.count, by: 64) { hash.take(padded[start..<start + 64]) }
    return hash.state
  }

  private mutating func take(_ block: ArraySlice<UInt8>) {
    var words = [UInt32](repeating: 0, count: 64)
    for (index, byte) in block.enumerated() { words[index / 4] = words[index / 4] << 8 | UInt32(byte) }
    for index in 16..<64 {
      let (near, far) = (words[index - 2], words[index - 15])
      let first = far.rotated(7) ^ far.rotated(18) ^ far >> 3
      let second = near.rotated(17) ^ near.rotated(19) ^ near >> 10
      words[index] = words[index - 16] &+ first &+ words[index - 7] &+ second
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for (word, constant) in zip(words, Self.constants) {
      let sum = (e.rotated(6) ^ e.rotated(11) ^ e.rotated(25)) &+ (e & f ^ ~e & g)
      let first = h &+ sum &+ constant &+ word
      let second = (a.rotated(2) ^ a.rotated(13) ^ a.rotated(22)) &+ (a & b ^ a & c ^ b & c)
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ second)
    }
    for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
  }

  /// Of the cube roots of the first 64 primes, the first 32 bits behind the point.
  private static let constants: [UInt32] = [
    0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1, 0x923F_82A4, 0xAB1C_5ED5,
    0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3, 0x72BE_5D74, 0x80DE_B1FE, 0x9BDC_06A7, 0xC19B_F174,
    0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F, 0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA,
    0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7, 0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967,
    0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC, 0x5338_0D13, 0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85,
    0xA2BF_E8A1, 0xA81A_664B, 0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070,
    0x19A4_C116, 0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3,
    0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208, 0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7, 0xC671_78F2,
  ]
}

extension UInt32 {
  fileprivate func rotated(_ count: UInt32) -> UInt32 { self >> count | self << (32 - count) }
}

/// A user who may have been erased: from it nobody can read whose it is, only see whether it is a given user's.
public struct Pseudonym: Hashable, Sendable, Comparable {
  private let bits: UInt64

  /// - Parameter salt: the store's own, so that the same user has another one elsewhere.
  public init(of user: String, salt: Salt) {
    let words = OneWayHash.of(salt.bytes + user.utf8)
    bits = UInt64(words[0]) << 32 | UInt64(words[1])
  }

  public static func < (a: Pseudonym, b: Pseudonym) -> Bool { a.bits < b.bits }

  /// What makes a store's pseudonyms its own.
  public struct Salt: Hashable, Sendable {
    fileprivate let bytes: [UInt8]

    /// - Parameter bytes: what no other store begins with.
    public init(of bytes: [UInt8]) {
      self.bytes = OneWayHash.of(bytes).flatMap { word in
        (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) }
      }
    }
  }
}

extension Pseudonym: BinaryCodable {
  public func encode(into writer: inout ByteWriter) { writer.write(bits) }
  public init(from reader: inout ByteReader) throws(BinaryError) { bits = try reader.read() }
}

extension Pseudonym.Salt: BinaryCodable {
  public func encode(into writer: inout ByteWriter) { writer.write(bytes) }
  public init(from reader: inout ByteReader) throws(BinaryError) { bytes = try reader.read() }
}
