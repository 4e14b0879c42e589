import AttuneModel

/// How a checkpoint file begins: whose it is, where in the journal, the checksum of the state that follows, and the
/// journal's chain there.
///
/// Before format 8 there was no chain, and nothing to tell a changed header by.
struct CheckpointHeader: Equatable {
  /// More bytes than any header has.
  static let limit = 512
  private static let magic = Array("attune\u{0}\u{8}".utf8)

  var store: String
  var sequence: Int64
  /// Bytes of the state, and their checksum.
  var count: UInt64
  var state: UInt64
  /// Of the journal at `sequence`.
  var chain: Int64?

  init(store: String, sequence: Int64, state: [UInt8], chain: Int64?) {
    self.store = store
    self.sequence = sequence
    count = UInt64(state.count)
    self.state = checksum(state)
    self.chain = chain
  }

  /// - Parameters:
  ///   - start: of the file.
  ///   - size: of the file, in bytes.
  init?(_ start: [UInt8], size: Int) {
    let hasChain = start.starts(with: Self.magic)
    let rest = hasChain ? Array(start.dropFirst(Self.magic.count)) : start
    var reader = ByteReader(rest)
    guard let store = try? reader.read() as String else { return nil }
    let place = reader.position
    guard rest.count >= place + (hasChain ? 40 : 24) else { return nil }
    let numbers = stride(from: place, to: place + (hasChain ? 40 : 24), by: 8).map { start in
      rest[start..<start + 8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    }
    self.store = store
    sequence = Int64(bitPattern: numbers[0])
    count = numbers[1]
    state = numbers[2]
    if hasChain { chain = Int64(bitPattern: numbers[3]) }
    guard start.starts(with: bytes), UInt64(size) == UInt64(bytes.count) &+ count else { return nil }
  }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(store)
    var bytes = chain == nil ? writer.bytes : Self.magic + writer.bytes
    func add(_ number: UInt64) { withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) } }
    for number in [UInt64(bitPattern: sequence), count, state] { add(number) }
    if let chain {
      add(UInt64(bitPattern: chain))
      add(checksum(bytes))
    }
    return bytes
  }
}
