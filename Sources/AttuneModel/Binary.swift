/// The store's byte format: little-endian, varints, length-prefixed UTF-8. What is written is the same on every machine.
public struct ByteWriter: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public mutating func write(_ byte: UInt8) { bytes.append(byte) }
  public mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

  /// LEB128.
  public mutating func write(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Zigzag, so that small negative numbers stay short.
  public mutating func write(_ number: Int64) { write(UInt64(bitPattern: (number << 1) ^ (number >> 63))) }
  public mutating func write(_ number: Int) { write(Int64(number)) }
  public mutating func write(_ number: Double) {
    withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }
  public mutating func write(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      write(UInt64(utf8.count))
      bytes.append(contentsOf: utf8)
    }
  }
  public mutating func write(_ block: [UInt8]) {
    write(UInt64(block.count))
    bytes.append(contentsOf: block)
  }
  public mutating func write<T: BinaryCodable>(_ value: T) { value.encode(into: &self) }
  public mutating func write<T: BinaryCodable>(_ values: [T]) {
    write(UInt64(values.count))
    for value in values { value.encode(into: &self) }
  }
  public mutating func write<T: BinaryCodable>(_ value: T?) {
    write(value != nil)
    if let value { value.encode(into: &self) }
  }
}

public struct ByteReader {
  /// Lists in lists: more than any document has, and few enough for any stack.
  public static let depthLimit = 100

  private let bytes: [UInt8]
  /// Bytes read so far.
  public private(set) var position = 0
  private var depth = 0
  /// The form of the bytes: `StoreFormat.current`, or an older one within a container that was written under it.
  public var format: UInt8

  public init(_ bytes: [UInt8], format: UInt8 = StoreFormat.current) {
    self.bytes = bytes
    self.format = format
  }

  /// Whether all bytes have been read.
  public var isAtEnd: Bool { position == bytes.count }

  public mutating func read() throws(BinaryError) -> UInt8 {
    guard position < bytes.count else { throw BinaryError.truncated(at: position) }
    defer { position += 1 }
    return bytes[position]
  }
  public mutating func read() throws(BinaryError) -> Bool {
    switch try read() as UInt8 {
    case 0: return false
    case 1: return true
    default: throw BinaryError.invalid("a flag", at: position - 1)
    }
  }
  public mutating func read() throws(BinaryError) -> UInt64 {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      let byte: UInt8 = try read()
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
    }
    throw BinaryError.invalid("a varint", at: position)
  }
  public mutating func read() throws(BinaryError) -> Int64 {
    let number: UInt64 = try read()
    return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
  }
  public mutating func read() throws(BinaryError) -> Int { Int(try read() as Int64) }
  public mutating func read() throws(BinaryError) -> Double {
    var pattern: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 8) { pattern |= UInt64(try read() as UInt8) << shift }
    return Double(bitPattern: pattern)
  }
  public mutating func read() throws(BinaryError) -> String {
    let count = try readCount()
    defer { position += count }
    return String(decoding: bytes[position..<position + count], as: UTF8.self)
  }
  public mutating func read() throws(BinaryError) -> [UInt8] {
    let count = try readCount()
    defer { position += count }
    return Array(bytes[position..<position + count])
  }
  public mutating func read<T: BinaryCodable>() throws(BinaryError) -> T { try T(from: &self) }
  public mutating func read<T: BinaryCodable>() throws(BinaryError) -> [T] {
    // Each element takes at least a byte, so a damaged count cannot ask for more memory than the block has.
    let count = try readCount()
    guard depth < Self.depthLimit else { throw BinaryError.invalid("less nesting", at: position) }
    depth += 1
    defer { depth -= 1 }
    var values: [T] = []
    values.reserveCapacity(min(count, 1024))
    for _ in 0..<count { values.append(try T(from: &self)) }
    return values
  }
  public mutating func read<T: BinaryCodable>() throws(BinaryError) -> T? {
    try read() ? try T(from: &self) : nil
  }

  private mutating func readCount() throws(BinaryError) -> Int {
    let count: UInt64 = try read()
    guard count <= UInt64(bytes.count - position) else { throw BinaryError.truncated(at: position) }
    return Int(count)
  }
}

/// A value with one byte form. Dictionaries and sets are written in sorted order: equal values, equal bytes.
public protocol BinaryCodable {
  func encode(into writer: inout ByteWriter)
  init(from reader: inout ByteReader) throws(BinaryError)
}

extension BinaryCodable {
  /// The bytes of the value, for a file or a journal; `init(decoding:)` reads them.
  public func encoded() -> [UInt8] {
    var writer = ByteWriter()
    encode(into: &writer)
    return writer.bytes
  }

  /// Reads exactly one value; bytes left over are an error.
  /// - Parameter format: the form of bytes that do not say it themselves.
  public init(decoding bytes: [UInt8], format: UInt8 = StoreFormat.current) throws(BinaryError) {
    var reader = ByteReader(bytes, format: format)
    try self.init(from: &reader)
    guard reader.isAtEnd else { throw BinaryError.invalid("the end", at: reader.position) }
  }
}

/// Damaged bytes, or those of another version.
public struct BinaryError: Error, Equatable, CustomStringConvertible {
  public var description: String
  /// The bytes are sound, as far as can be told: another version wrote them.
  public var isOtherVersion = false

  public static func truncated(at position: Int) -> BinaryError {
    BinaryError(description: "the data ends too early, at byte \(position)")
  }
  public static func invalid(_ expected: String, at position: Int) -> BinaryError {
    BinaryError(description: "expected \(expected) at byte \(position)")
  }
  public static func otherVersion(_ number: UInt8, at position: Int) -> BinaryError {
    BinaryError(description: "byte \(position) says \(StoreFormat.refusal(of: Int(number)))", isOtherVersion: true)
  }
}
