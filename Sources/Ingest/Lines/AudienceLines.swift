public import Codec

/// Users' ids, a line each, out of a body or a file of any length that comes in pieces. Spaces around an id, empty lines
/// and a byte order mark are no part of any.
public struct AudienceLines: Sendable {
  /// The longest line, with the spaces around its id: one that has no end is not held until there is one.
  static let lineBytes = 4096

  /// Those read and not taken yet.
  public private(set) var users: [String] = []
  private var rest: [UInt8] = []
  private var line = 1
  private let limits: Limits

  public init(limits: Limits = .default) { self.limits = limits }

  /// - Throws: at the first line that is no id; those before it are in `users`.
  public mutating func take(_ bytes: some Sequence<UInt8>) throws(Refusal) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        try end()
      } else if rest.count < Self.lineBytes {
        rest.append(byte)
      } else {
        throw refusal(.tooLong, "a line has more than \(Self.lineBytes) bytes")
      }
    }
  }

  /// After the last piece: a last line needs no end.
  public mutating func finish() throws(Refusal) { try end() }

  public mutating func takeUsers() -> [String] {
    defer { users = [] }
    return users
  }

  private mutating func end() throws(Refusal) {
    defer {
      rest.removeAll(keepingCapacity: true)
      line += 1
    }
    var id = rest[...]
    if line == 1, id.starts(with: [0xEF, 0xBB, 0xBF]) { id = id.dropFirst(3) }
    while id.last == 0x0D || id.last == 0x20 { id.removeLast() }
    while id.first == 0x20 { id.removeFirst() }
    if id.isEmpty { return }
    guard let user = String(validating: id, as: UTF8.self) else { throw refusal(.invalid, "no UTF-8") }
    if id.count > limits.userBytes {
      throw refusal(.tooLong, "a user's id has \(id.count) bytes of at most \(limits.userBytes)")
    }
    if id.contains(where: { $0 < 0x20 }) { throw refusal(.invalid, "a user's id has a control character") }
    if user.unicodeScalars.contains("\u{FEFF}") {
      throw refusal(.invalid, "a byte order mark within the file: files with one each were joined")
    }
    if line == 1, MemberNames.member(meantBy: user, among: ["user"]) != nil {
      throw refusal(.invalid, "'\(user)' is the head of a column")
    }
    users.append(user.composed)
  }

  private func refusal(_ code: Refusal.Code, _ what: String) -> Refusal {
    Refusal(code, pointer: "line \(line)", what, hint: "an id a line, in UTF-8", offset: 0)
  }
}
