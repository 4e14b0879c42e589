/// A parameter of an address's query. Each may be given once.
public struct Parameter: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case text
    /// `true` or `false`; false, if it is missing.
    case flag
    case integer(ClosedRange<Int>)
    case choice([String])
    /// As in `2026-11-11`.
    case day
    /// What an answer's `next` said, as it came.
    case cursor
  }

  public var name: String
  public var kind: Kind
  public var about: String

  init(_ name: String, _ kind: Kind, _ about: String) {
    self.name = name
    self.kind = kind
    self.about = about
  }

  static let dryRun = Parameter("dryRun", .flag, "Only checks; changes nothing.")

  static func limit(_ range: ClosedRange<Int>, default count: Int) -> Parameter {
    Parameter("limit", .integer(range), "How many at most; default is \(count).")
  }
}
