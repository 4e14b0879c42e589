import AttuneModel

/// 64 bits over a block, eight bytes a step: notices damage, not malice. Part of the store's format.
func checksum(_ bytes: [UInt8]) -> UInt64 {
  bytes.withUnsafeBytes { buffer in
    var hash = mix64(UInt64(buffer.count))
    let whole = buffer.count & ~7
    for offset in stride(from: 0, to: whole, by: 8) {
      let word = UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      // The odd factor keeps the order of words in the sum.
      hash = mix64(hash ^ word) &* 0x9E37_79B9_7F4A_7C15
    }
    for offset in whole..<buffer.count { hash = mix64(hash ^ UInt64(buffer[offset])) }
    return hash
  }
}

/// Over several blocks and numbers, in their order.
func checksum(_ numbers: [Int64], _ blocks: [UInt8]...) -> Int64 {
  let words = numbers.map { UInt64(bitPattern: $0) } + blocks.map { checksum($0) }
  return Int64(bitPattern: words.reduce(0) { mix64($0 ^ $1) &* 0x9E37_79B9_7F4A_7C15 })
}
