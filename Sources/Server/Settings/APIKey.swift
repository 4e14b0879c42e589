/// What a client has to show.
public struct APIKey: Sendable {
  /// Off loopback, shorter ones are refused.
  public static let leastBytes = 16

  private let bytes: [UInt8]

  public init(_ text: String) { bytes = Array(text.utf8) }

  /// Takes as long for a wrong key as for the right one, whatever they have in common.
  func matches(_ other: some StringProtocol) -> Bool {
    var difference: UInt8 = 0
    var index = 0
    for byte in other.utf8 {
      difference |= byte ^ (bytes.isEmpty ? ~byte : bytes[index % bytes.count])
      index += 1
    }
    return difference == 0 && index == bytes.count && !bytes.isEmpty
  }

  /// Why it does not keep anybody out; nil for one that may.
  var weakness: String? {
    if bytes.count < Self.leastBytes { return "it has \(bytes.count) bytes of at least \(Self.leastBytes)" }
    if Set(bytes).count < 6 { return "it repeats few letters" }
    var rest = String(decoding: bytes, as: UTF8.self).lowercased().filter { $0.isLetter || $0.isNumber }
    for word in Self.wellKnown { rest = rest.split(separator: word).joined(separator: " ") }
    let unknown = rest.filter { $0.isLetter || $0.isNumber }
    return unknown.count < 8 ? "it is made of well-known words" : nil
  }

  /// The longer first, so that none hides inside another.
  private static let wellKnown = [
    "0123456789abcdef", "placeholder", "1234567890", "changeme", "password", "123456789", "12345678", "replace",
    "example", "default", "letmein", "qwerty", "secret", "attune", "sample", "123456", "change", "admin", "token",
    "test", "demo", "your", "this", "root", "key", "api", "dev", "abc", "123", "my", "me", "is", "a",
  ]
}
