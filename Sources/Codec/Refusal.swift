/// Why one item was not let in: what is wrong, where, and what to do about it.
public struct Refusal: Error, Hashable, Sendable {
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// Not JSON. Inside an array nothing after it can be read.
    case malformed
    /// A required member is absent or null.
    case missing
    /// Text that must say something says nothing.
    case empty
    case wrongType
    /// The right type, but not a value that means anything here.
    case invalid
    /// A name that means nothing here.
    case unknownMember
    /// The same name twice in one item, also after flattening.
    case duplicate
    /// Contradicts what was said elsewhere in the request.
    case mismatch
    /// A text is too long.
    case tooLong
    /// The item as a whole is too large.
    case tooLarge
    case tooDeep
    /// Too many properties, list items, or items in a body.
    case tooMany
    /// Before 2000 or after 2100.
    case absurdTime
    /// Later than the clock and the allowed skew.
    case fromTheFuture
  }

  public var code: Code
  /// RFC 6901 pointer: `/3/ts` in an array or NDJSON, where the number counts the items from 0; `/ts` in a single item.
  /// A name of absurd length is cut and ends in `...`.
  public var pointer: String
  public var message: String
  public var hint: String?
  /// Bytes from the start of the body or line to where it was noticed.
  public var offset: Int
  /// The item's own, where a reader of items with ids could read it.
  public var id: String?

  public init(_ code: Code, pointer: String = "", _ message: String, hint: String? = nil, offset: Int) {
    self.code = code
    self.pointer = pointer
    self.message = message
    self.hint = hint
    self.offset = offset
  }

  /// The same refusal, seen from one level further out.
  package func inside(_ token: String) -> Refusal {
    var outer = self
    var escaped = "/"
    let isCut = token.utf8.count > 512
    for character in token.unicodeScalars.prefix(isCut ? 64 : 512) {
      switch character {
      case "~": escaped += "~0"
      case "/": escaped += "~1"
      default: escaped.unicodeScalars.append(character)
      }
    }
    outer.pointer = escaped + (isCut ? "..." : "") + pointer
    return outer
  }
}

extension Refusal: CustomStringConvertible {
  /// `/3/ts: 1970-01-18 is before 2000 (hint: ...)`
  public var description: String {
    (pointer.isEmpty ? "byte \(offset)" : pointer) + ": \(message)" + (hint.map { " (hint: \($0))" } ?? "")
  }
}
