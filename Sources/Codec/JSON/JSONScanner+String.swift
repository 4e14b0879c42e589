extension JSONScanner {
  /// A string that has been checked and not yet built.
  package struct Text {
    /// Between the quotes.
    package var range: Range<Int>
    package var hasEscapes: Bool
    /// Whether it has characters beyond ASCII.
    package var isWide = false
  }

  package mutating func string() throws(Refusal) -> String { try string(scanString()) }

  package func string(_ text: Text) throws(Refusal) -> String {
    guard text.hasEscapes else {
      let plain = String(decoding: slice(text.range), as: UTF8.self)
      return text.isWide ? plain.composed : plain
    }
    var built: [UInt8] = []
    built.reserveCapacity(text.range.count)
    var index = text.range.lowerBound
    while index < text.range.upperBound, let byte = byte(at: index) {
      if byte == 0x5C {
        let (scalar, next) = try escape(at: index)
        built.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        index = next
      } else {
        built.append(byte)
        index += 1
      }
    }
    return String(decoding: built, as: UTF8.self).composed
  }

  /// Moves past the string whose opening quote stands at the position; it is UTF-8 with proper escapes.
  package mutating func scanString() throws(Refusal) -> Text {
    let start = position + 1
    var index = start
    var (hasEscapes, isWide) = (false, false)
    while let byte = byte(at: index) {
      switch byte {
      case 0x22:
        position = index + 1
        return Text(range: start..<index, hasEscapes: hasEscapes, isWide: isWide)
      case 0x5C:
        hasEscapes = true
        index = try escape(at: index).next
      case 0..<0x20:
        throw malformed("a control character in a string", at: index, hint: "escape it: \\n, \\t, \\u0000")
      case 0x20..<0x80: index += 1
      default:
        isWide = true
        index = try sequence(at: index)
      }
    }
    throw malformed("the string that starts at byte \(position) is not closed", at: index)
  }

  /// The character that a backslash at `index` stands for, and where the text goes on.
  private func escape(at index: Int) throws(Refusal) -> (scalar: Unicode.Scalar, next: Int) {
    switch byte(at: index + 1) {
    case 0x22: return ("\"", index + 2)
    case 0x5C: return ("\\", index + 2)
    case 0x2F: return ("/", index + 2)
    case 0x62: return ("\u{8}", index + 2)
    case 0x66: return ("\u{C}", index + 2)
    case 0x6E: return ("\n", index + 2)
    case 0x72: return ("\r", index + 2)
    case 0x74: return ("\t", index + 2)
    case 0x75: break
    default: throw malformed("no such escape", at: index, hint: "a backslash itself is written \\\\")
    }
    let unit = try hexadecimal(at: index + 2)
    if let scalar = Unicode.Scalar(unit) { return (scalar, index + 6) }
    if unit < 0xDC00, byte(at: index + 6) == 0x5C, byte(at: index + 7) == 0x75 {
      let low = try hexadecimal(at: index + 8)
      if (0xDC00...0xDFFF).contains(low), let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
      {
        return (scalar, index + 12)
      }
    }
    throw malformed("half of a surrogate pair", at: index)
  }

  private func hexadecimal(at index: Int) throws(Refusal) -> UInt32 {
    var unit: UInt32 = 0
    for offset in 0..<4 {
      switch byte(at: index + offset) {
      case let digit? where (0x30...0x39).contains(digit): unit = unit << 4 | UInt32(digit - 0x30)
      case let letter? where (0x41...0x46).contains(letter & 0xDF): unit = unit << 4 | UInt32(letter & 0xDF - 0x37)
      default: throw malformed("\\u needs four hexadecimal digits", at: index + offset)
      }
    }
    return unit
  }

  /// Where the text goes on after the multi-byte character at `index` (RFC 3629, table of section 4).
  private func sequence(at index: Int) throws(Refusal) -> Int {
    var second: ClosedRange<UInt8> = 0x80...0xBF
    let count: Int
    switch byte(at: index) ?? 0 {
    case 0xC2...0xDF: count = 2
    case 0xE0: (count, second) = (3, 0xA0...0xBF)
    case 0xED: (count, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: count = 3
    case 0xF0: (count, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: count = 4
    case 0xF4: (count, second) = (4, 0x80...0x8F)
    default: throw notUTF8(at: index)
    }
    guard let byte = byte(at: index + 1), second.contains(byte) else { throw notUTF8(at: index) }
    for offset in 2..<max(count, 2) {
      guard let byte = self.byte(at: index + offset), byte & 0xC0 == 0x80 else { throw notUTF8(at: index) }
    }
    return index + count
  }

  private func notUTF8(at index: Int) -> Refusal {
    malformed("not UTF-8", at: index, hint: "JSON is sent as UTF-8")
  }
}
