/// An answer of a Redis server (RESP2).
enum RESPValue: Equatable, Sendable {
  case simple(String)
  case error(String)
  case integer(Int)
  case bulk([UInt8])
  case null
  case array([RESPValue])

  /// A text of either kind.
  var text: String? {
    switch self {
    case .simple(let text): text
    case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
    default: nil
    }
  }
}

/// Reads answers from bytes as they come in, in pieces of any size.
struct RESPReader: Sendable {
  /// What no Redis server writes.
  struct Malformed: Error, Equatable {}

  private static let deepest = 8
  private var bytes: [UInt8] = []
  private var position = 0

  mutating func append(_ more: UnsafeRawBufferPointer) {
    if position == bytes.count {
      bytes.removeAll(keepingCapacity: true)
    } else if position > 1 << 16 {
      bytes.removeFirst(position)
    } else {
      bytes.append(contentsOf: more)
      return
    }
    position = 0
    bytes.append(contentsOf: more)
  }

  /// - Returns: nil when more bytes are needed; then nothing is taken.
  mutating func next() throws(Malformed) -> RESPValue? {
    let start = position
    if let value = try value(depth: 0) { return value }
    position = start
    return nil
  }

  private mutating func value(depth: Int) throws(Malformed) -> RESPValue? {
    guard depth < Self.deepest else { throw Malformed() }
    guard position < bytes.count else { return nil }
    let kind = bytes[position]
    guard let line = line() else { return nil }
    switch kind {
    case UInt8(ascii: "+"): return .simple(String(decoding: bytes[line], as: UTF8.self))
    case UInt8(ascii: "-"): return .error(String(decoding: bytes[line], as: UTF8.self))
    case UInt8(ascii: ":"): return .integer(try number(line))
    case UInt8(ascii: "$"): return try bulk(length: try number(line))
    case UInt8(ascii: "*"): return try array(count: try number(line), depth: depth)
    default: throw Malformed()
    }
  }

  private mutating func bulk(length: Int) throws(Malformed) -> RESPValue? {
    if length == -1 { return .null }
    guard length >= 0, length <= 512 << 20 else { throw Malformed() }
    guard bytes.count - position >= length + 2 else { return nil }
    let end = position + length
    guard bytes[end] == 13, bytes[end + 1] == 10 else { throw Malformed() }
    defer { position = end + 2 }
    return .bulk(Array(bytes[position..<end]))
  }

  private mutating func array(count: Int, depth: Int) throws(Malformed) -> RESPValue? {
    if count == -1 { return .null }
    guard count >= 0, count <= 1 << 20 else { throw Malformed() }
    var values: [RESPValue] = []
    values.reserveCapacity(min(count, 64))
    for _ in 0..<count {
      guard let value = try value(depth: depth + 1) else { return nil }
      values.append(value)
    }
    return .array(values)
  }

  /// What follows the kind, and goes beyond the line's end.
  private mutating func line() -> Range<Int>? {
    var end = position + 1
    while end + 1 < bytes.count {
      if bytes[end] == 13, bytes[end + 1] == 10 {
        defer { position = end + 2 }
        return position + 1..<end
      }
      end += 1
    }
    return nil
  }

  private func number(_ range: Range<Int>) throws(Malformed) -> Int {
    var digits = range
    let negative = digits.first.map { bytes[$0] == UInt8(ascii: "-") } ?? false
    if negative { digits.removeFirst() }
    guard !digits.isEmpty, digits.count <= 18 else { throw Malformed() }
    var value = 0
    for index in digits {
      guard bytes[index] >= 48, bytes[index] <= 57 else { throw Malformed() }
      value = value * 10 + Int(bytes[index] - 48)
    }
    return negative ? -value : value
  }
}
