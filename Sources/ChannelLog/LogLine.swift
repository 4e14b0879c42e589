import AttuneModel
import Codec

/// A message as one line of JSON. The id comes first, so that a restart finds it without parsing the rest.
enum LogLine {
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

  /// The id of a line that `of` wrote, else nil.
  static func id(of line: ArraySlice<UInt8>) -> CandidateID? {
    guard line.starts(with: prefix), line.last == UInt8(ascii: "}") else { return nil }
    return CandidateID(
      String(decoding: line.dropFirst(prefix.count).prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self))
  }
}
