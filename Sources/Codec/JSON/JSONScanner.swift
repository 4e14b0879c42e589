/// Reads JSON (RFC 8259, strict) from bytes, one piece after another, and builds no tree.
///
/// Valid only while the buffer is: it lives inside one `withContiguousStorageIfAvailable`. Every byte is read through
/// `byte(at:)`, which knows the end. A thrown refusal has no pointer yet; the callers on the way out add theirs.
package struct JSONScanner {
  /// What the next value is, told by its first byte.
  package enum Kind { case object, array, string, number, bool, null }

  /// Deeper nesting than any decoder allows, and shallow enough for any stack.
  package static let depth = 128

  private let bytes: UnsafeBufferPointer<UInt8>
  private let end: Int
  package var position: Int

  /// Scans `range` of the buffer; positions stay those of the whole buffer.
  package init(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>? = nil) {
    self.bytes = bytes
    end = min(range?.upperBound ?? bytes.count, bytes.count)
    position = max(range?.lowerBound ?? 0, 0)
  }

  @inline(__always)
  package func byte(at index: Int) -> UInt8? { index < end ? bytes[index] : nil }

  package func slice(_ range: Range<Int>) -> Slice<UnsafeBufferPointer<UInt8>> { bytes[range.clamped(to: 0..<end)] }

  package func malformed(_ message: String, at offset: Int, hint: String? = nil) -> Refusal {
    Refusal(.malformed, message, hint: hint, offset: offset)
  }

  /// What stands at the position, for messages.
  package func unexpected(_ expected: String, hint: String? = nil) -> Refusal {
    guard let byte = byte(at: position) else {
      return malformed("expected \(expected), found the end", at: position, hint: hint)
    }
    let found =
      byte > 0x20 && byte < 0x7F
      ? "'\(word ?? String(Character(Unicode.Scalar(byte))))'"
      : "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    return malformed("expected \(expected), found \(found)", at: position, hint: hint)
  }

  /// The word at the position, as much of it as helps; nil for digits and signs.
  private var word: String? {
    guard isWord(at: position), let first = byte(at: position), !(0x30...0x39).contains(first) else { return nil }
    let end = (position..<position + 20).first { !isWord(at: $0) } ?? position + 20
    return String(decoding: slice(position..<end), as: UTF8.self)
  }

  /// Whether there is a letter, digit or `_` of ASCII.
  private func isWord(at index: Int) -> Bool {
    switch byte(at: index) ?? 0 {
    case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
    default: false
    }
  }
}

extension JSONScanner {
  /// Moves past white space; the byte found there, nil at the end.
  @inline(__always)
  package mutating func peek() -> UInt8? {
    while let byte = byte(at: position) {
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      position += 1
    }
    return nil
  }

  /// What the next value is. Nothing but white space is consumed.
  package mutating func kind() throws(Refusal) -> Kind {
    switch peek() ?? 0 {
    case 0x22: return .string
    case 0x30...0x39, 0x2D: return .number
    case 0x7B: return .object
    case 0x5B: return .array
    case 0x74, 0x66: return .bool
    case 0x6E: return .null
    default: throw unexpected("a value")
    }
  }

  package mutating func null() throws(Refusal) { try literal("null") }

  package mutating func bool() throws(Refusal) -> Bool {
    let isTrue = byte(at: position) == 0x74
    try literal(isTrue ? "true" : "false")
    return isTrue
  }

  private mutating func literal(_ word: StaticString) throws(Refusal) {
    for index in 0..<word.utf8CodeUnitCount where byte(at: position + index) != word.utf8Start[index] {
      throw unexpected("a value")
    }
    guard !isWord(at: position + word.utf8CodeUnitCount) else { throw unexpected("a value") }
    position += word.utf8CodeUnitCount
  }

  /// Enters the object or array that `kind` saw. Then call `nextKey` or `nextElement` until there is none.
  package mutating func enter() { position += 1 }

  /// The next key of the object entered, nil behind its end. Its value comes next.
  package mutating func nextKey(_ isFirst: inout Bool) throws(Refusal) -> String? {
    guard let text = try nextMember(&isFirst) else { return nil }
    return try string(text)
  }

  private mutating func nextMember(_ isFirst: inout Bool) throws(Refusal) -> Text? {
    guard try more(until: 0x7D, &isFirst, "',' or '}'") else { return nil }
    guard peek() == 0x22 else { throw unexpected(isFirst ? "a name in quotes or '}'" : "a name in quotes") }
    isFirst = false
    let name = try scanString()
    guard peek() == 0x3A else { throw unexpected("':'") }
    position += 1
    return name
  }

  /// Whether another element of the array entered comes next; false behind its end.
  package mutating func nextElement(_ isFirst: inout Bool) throws(Refusal) -> Bool {
    guard try more(until: 0x5D, &isFirst, "',' or ']'") else { return false }
    isFirst = false
    return true
  }

  @inline(__always)
  private mutating func more(
    until close: UInt8, _ isFirst: inout Bool, _ expected: StaticString
  ) throws(Refusal) -> Bool {
    let byte = peek()
    if byte == close {
      position += 1
      return false
    }
    if isFirst { return true }
    guard byte == 0x2C else { throw unexpected("\(expected)") }
    position += 1
    return true
  }

  /// Moves past one value of any kind, checking that it is JSON.
  package mutating func skip(depth: Int = JSONScanner.depth) throws(Refusal) {
    switch try kind() {
    case .string: _ = try scanString()
    case .number: _ = try scanNumber()
    case .bool: _ = try bool()
    case .null: try null()
    case .object: try skipMembers(depth: depth - 1)
    case .array: try skipElements(depth: depth - 1)
    }
  }

  private mutating func skipMembers(depth: Int) throws(Refusal) {
    guard depth >= 0 else { throw tooDeep }
    enter()
    var isFirst = true
    while let name = try nextMember(&isFirst) {
      do throws(Refusal) { try skip(depth: depth) } catch { throw error.inside(try string(name)) }
    }
  }

  private mutating func skipElements(depth: Int) throws(Refusal) {
    guard depth >= 0 else { throw tooDeep }
    enter()
    var isFirst = true
    var index = 0
    while try nextElement(&isFirst) {
      do throws(Refusal) { try skip(depth: depth) } catch { throw error.inside("\(index)") }
      index += 1
    }
  }

  private var tooDeep: Refusal {
    Refusal(.tooDeep, "nested deeper than \(JSONScanner.depth) levels", offset: position)
  }

  /// Nothing but white space may follow.
  package mutating func finish() throws(Refusal) {
    guard peek() != nil else { return }
    throw unexpected("the end", hint: "several items need an array, or one item a line as application/x-ndjson")
  }
}
