import AttuneModel

/// A message as one line of JSON. The id comes first, so that a restart finds it without parsing the rest.
enum LogLine {
  private static let prefix = Array(#"{"id":""#.utf8)

  /// With its newline.
  static func of(_ message: Message) -> [UInt8] {
    var line = Line()
    line.open("{")
    line.field("id", message.id.description)
    line.field("user", message.user)
    line.field("business", message.business)
    line.field("material", message.material)
    line.field("title", message.title)
    line.field("body", message.body)
    if message.isQuiet {
      line.key("quiet")
      line.raw("true")
    }
    line.key("data")
    line.open("{")
    for property in message.data {
      line.key(property.name)
      line.value(property.value)
    }
    line.close("}")
    line.key("at")
    line.raw("\(message.at.milliseconds)")
    line.close("}")
    return line.bytes + [UInt8(ascii: "\n")]
  }

  /// Whether a torn line may be one of ours.
  static func canBegin(with bytes: ArraySlice<UInt8>) -> Bool {
    bytes.prefix(prefix.count).elementsEqual(prefix.prefix(bytes.count))
  }

  /// The id of a line that `of` wrote, else nil.
  static func id(of line: ArraySlice<UInt8>) -> CandidateID? {
    guard line.starts(with: prefix), line.last == UInt8(ascii: "}") else { return nil }
    return CandidateID(
      String(decoding: line.dropFirst(prefix.count).prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self))
  }
}

/// Writes JSON; a comma goes before everything but the first of an object or list.
private struct Line {
  private(set) var bytes: [UInt8] = []
  private var isFirst = true

  mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func open(_ bracket: String) {
    raw(bracket)
    isFirst = true
  }

  mutating func close(_ bracket: String) {
    raw(bracket)
    isFirst = false
  }

  mutating func key(_ name: String) {
    separate()
    text(name)
    raw(":")
  }

  mutating func field(_ name: String, _ value: String) {
    key(name)
    text(value)
  }

  mutating func value(_ value: Value) {
    switch value {
    case .string(let string): text(string)
    case .number(let number): raw(number.isFinite ? value.description : "null")
    case .bool(let flag): raw(flag ? "true" : "false")
    case .list(let values):
      open("[")
      for element in values {
        separate()
        self.value(element)
      }
      close("]")
    }
  }

  private mutating func separate() {
    if !isFirst { raw(",") }
    isFirst = false
  }

  private mutating func text(_ string: String) {
    raw("\"")
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): raw("\\\"")
      case UInt8(ascii: "\\"): raw("\\\\")
      case UInt8(ascii: "\n"): raw("\\n")
      case 0..<0x20:
        raw("\\u00")
        raw(byte < 0x10 ? "0" : "1")
        raw(String(byte & 0xF, radix: 16))
      default: bytes.append(byte)
      }
    }
    raw("\"")
  }
}
