import AttuneModel
import Codec

/// A message as one line of JSON. The id comes first, so that a restart finds it without parsing the rest.
enum LogLine {
  /// Which no text holds: its quotes would be escaped.
  private static let title = Array(#","title":""#.utf8)
  private static let prefix = Array(#"{"id":""#.utf8)

  /// With its newline.
  static func of(_ message: Message) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.member("id", message.id.description)
      json.member("user", message.user)
      json.member("business", message.business)
      json.member("material", message.material)
      json.member("title", message.title)
      json.member("body", message.body)
      if message.isQuiet { json.member("quiet", true) }
      json.member("data", message.data)
      json.member("at", message.at)
    }
    json.newline()
    return json.bytes
  }

  /// Whether a torn line may be one of ours.
  static func canBegin(with bytes: ArraySlice<UInt8>) -> Bool {
    bytes.prefix(prefix.count).elementsEqual(prefix.prefix(bytes.count))
  }

  /// What tells a message from another one of the same id, which an older copy of the store may decide: whose it is, what
  /// and of when. Nil for a line that does not say it.
  static func content(of line: ArraySlice<UInt8>) -> UInt64? {
    guard let title = line.firstRange(of: title), let at = at(of: line) else { return nil }
    var hash: UInt64 = 0
    for byte in line[..<title.lowerBound] { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return mix64(hash ^ UInt64(bitPattern: at.milliseconds))
  }

  /// When the message of a line was decided: the last of its members.
  static func at(of line: ArraySlice<UInt8>) -> Instant? {
    guard line.last == UInt8(ascii: "}") else { return nil }
    guard let colon = line.lastIndex(of: UInt8(ascii: ":")) else { return nil }
    let digits = line[(colon + 1)...].dropLast()
    return Int64(String(decoding: digits, as: UTF8.self)).map(Instant.init(milliseconds:))
  }

  /// The id of a line that `of` wrote, else nil.
  static func id(of line: ArraySlice<UInt8>) -> CandidateID? {
    guard line.starts(with: prefix), line.last == UInt8(ascii: "}") else { return nil }
    return CandidateID(
      String(decoding: line.dropFirst(prefix.count).prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self))
  }
}
