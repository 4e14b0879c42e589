public import AttuneModel

/// The one writer of JSON: compact, into bytes, members in the order they are given. It puts the commas.
///
/// ```swift
/// var json = JSONWriter()
/// json.object { json in
///   json.member("user", "u1")
///   json.member("tags") { json in json.array(["a", "b"]) { $0.write($1) } }
/// }
/// json.newline()  // {"user":"u1","tags":["a","b"]}
/// ```
///
/// The trace lines of a replay are written by the hundred thousand, at a tenth of what an encoder would take.
public struct JSONWriter: Sendable {
  /// What has been written so far.
  public private(set) var bytes: [UInt8] = []

  public init() {}

  /// The bytes as text.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// An object, whose members `body` writes.
  public mutating func object(_ body: (inout JSONWriter) -> Void) { enclose(0x7B, 0x7D, body) }

  /// An array; `body` writes one element.
  public mutating func array<T>(_ items: some Sequence<T>, _ body: (inout JSONWriter, T) -> Void) {
    enclose(0x5B, 0x5D) { json in
      for item in items {
        json.separate()
        body(&json, item)
      }
    }
  }

  /// A member of the object being written; `body` writes its value.
  public mutating func member(_ name: String, _ body: (inout JSONWriter) -> Void) {
    separate()
    write(name)
    bytes.append(0x3A)
    body(&self)
  }

  /// Nil is null.
  public mutating func member(_ name: String, _ text: String?) {
    member(name) { json in if let text { json.write(text) } else { json.literal("null") } }
  }

  public mutating func member(_ name: String, _ number: Int) { member(name) { $0.integer(Int64(number)) } }

  /// A whole number of any size, told by its digits.
  public mutating func member(_ name: String, digits: String) { member(name) { $0.raw(digits) } }

  public mutating func member(_ name: String, _ flag: Bool) { member(name) { $0.literal(flag ? "true" : "false") } }

  /// Epoch milliseconds; nil is null.
  public mutating func member(_ name: String, _ at: Instant?) {
    member(name) { $0.instant(at) }
  }

  /// An object, a member a property.
  public mutating func member(_ name: String, _ properties: [Property]) {
    member(name) { json in
      json.object { json in for property in properties { json.member(property.name, property.value) } }
    }
  }

  public mutating func member(_ name: String, _ value: Value) { member(name) { $0.write(value) } }

  /// A number that is not finite is null: JSON has none.
  public mutating func write(_ value: Value) {
    switch value {
    case .string(let text): write(text)
    case .number(let number): if number.isFinite { raw(value.description) } else { literal("null") }
    case .bool(let flag): literal(flag ? "true" : "false")
    case .list(let values): array(values) { $0.write($1) }
    }
  }

  /// A string, escaped where it has to be (RFC 8259, section 7).
  public mutating func write(_ text: String) {
    bytes.append(0x22)
    var text = text
    text.withUTF8 { utf8 in
      let isPlain = utf8.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }
      if isPlain { bytes.append(contentsOf: utf8) } else { for byte in utf8 { escape(byte) } }
    }
    bytes.append(0x22)
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case 0x22: raw("\\\"")
    case 0x5C: raw("\\\\")
    case 0x0A: raw("\\n")
    case 0x0D: raw("\\r")
    case 0x09: raw("\\t")
    case 0..<0x20:
      let digits = String(byte, radix: 16)
      raw("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
    default: bytes.append(byte)
    }
  }

  /// Ends a line of NDJSON.
  public mutating func newline() { bytes.append(0x0A) }

  private mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// JSON as it stands.
  package mutating func literal(_ json: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: json.utf8Start, count: json.utf8CodeUnitCount))
  }

  /// Its digits, without a string in between.
  package mutating func integer(_ number: Int64) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var start = digits.endIndex
      var rest = number.magnitude
      repeat {
        start -= 1
        digits[start] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0
      if number < 0 { bytes.append(0x2D) }
      bytes.append(contentsOf: digits[start...])
    }
  }

  package mutating func instant(_ at: Instant?) {
    if let at { integer(at.milliseconds) } else { literal("null") }
  }

  private mutating func enclose(_ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) -> Void) {
    bytes.append(open)
    body(&self)
    bytes.append(close)
  }

  /// A comma, except at the start.
  package mutating func separate() {
    if let last = bytes.last, last != 0x7B, last != 0x5B, last != 0x0A { bytes.append(0x2C) }
  }
}
