import AttuneModel
import Codec

/// What becomes of a member whose name means nothing.
public enum UnknownMembers: Sendable {
  /// It is passed over, as in a file of somebody else's.
  case leftAlone
  /// It is refused: a misspelt member of a request would be lost without a word.
  case refused
}

extension JSONScanner {
  /// Passes over the value of a member whose name means nothing, or refuses it.
  mutating func unknown(_ name: String, _ rule: UnknownMembers, among known: [String]) throws(Refusal) {
    guard rule == .refused else { return try skip() }
    let near = (MemberNames.member(nearlyMeantBy: name, among: known) ?? nearest(to: name, among: known))
      .map { "did you mean '\($0)'?" }
    throw Refusal(
      .unknownMember, "there is no member '\(name.prefix(64))' here",
      hint: near ?? "one of \(known.joined(separator: ", "))", offset: position)
  }
}

// The typed members every item shares. Each moves past its value only when it takes it, and gives nil for null.
extension JSONScanner {
  /// A name that others will sort, store and print: not empty, no control characters.
  /// An integer is taken by its digits, so that ids beyond 2^53 stay whole.
  mutating func identifier(_ what: String, upTo limit: Int) throws(Refusal) -> String? {
    let kind = try kind()
    let start = position
    let identifier: String
    switch kind {
    case .null:
      try null()
      return nil
    case .string: identifier = try string()
    case .number:
      let number = try scanNumber()
      guard number.isInteger else {
        throw Refusal(.wrongType, "\(what) is text or an integer", hint: "write it in quotes", offset: start)
      }
      identifier = text(number)
    default: throw wrongType(what, "text or an integer", kind)
    }
    try check(name: identifier, what, upTo: limit, at: start)
    return identifier
  }

  /// Like an identifier, and only text.
  mutating func name(_ what: String, upTo limit: Int) throws(Refusal) -> String? {
    let kind = try kind()
    guard kind == .string || kind == .null else { throw wrongType(what, "text", kind) }
    return try identifier(what, upTo: limit)
  }

  func check(name: String, _ what: String, upTo limit: Int, at offset: Int) throws(Refusal) {
    if name.isEmpty { throw Refusal(.empty, "\(what) is empty", offset: offset) }
    if name.utf8.count > limit {
      throw Refusal(.tooLong, "\(what) has \(name.utf8.count) bytes of at most \(limit)", offset: offset)
    }
    if name.utf8.contains(where: { $0 < 0x20 }) {
      throw Refusal(.invalid, "\(what) has a control character", offset: offset)
    }
  }

  /// RFC 3339 or epoch milliseconds, as the limits want it; with a clock, not beyond its skew.
  mutating func instant(_ what: String, now: Instant?, limits: Limits) throws(Refusal) -> Instant? {
    let kind = try kind()
    let start = position
    guard let at = try instant(what) else { return nil }
    guard limits.anyInstant || Instant.earliest <= at && at < Instant.end else {
      let inSeconds = Instant(milliseconds: at.milliseconds.multipliedReportingOverflow(by: 1000).partialValue)
      let fits = kind == .number && Instant.earliest <= inSeconds && inSeconds < Instant.end
      throw Refusal(
        .absurdTime, "\(what) lies outside the years 2000 to 2100",
        hint: fits ? "seconds? the unit is milliseconds" : nil, offset: start)
    }
    if let now { try check(at, what, now: now, skew: limits.skew, at: start) }
    return at
  }

  /// RFC 3339 or epoch milliseconds, whatever 64 bits hold; whole numbers are exact.
  mutating func instant(_ what: String) throws(Refusal) -> Instant? {
    let kind = try kind()
    let start = position
    switch kind {
    case .null:
      try null()
      return nil
    case .string:
      guard let instant = Instant(rfc3339: try string()) else {
        throw Refusal(
          .invalid, "\(what) is no RFC 3339 instant",
          hint: "write 2026-01-31T09:30:00Z, 2026-01-31T17:30:00.250+08:00 or epoch milliseconds", offset: start)
      }
      return instant
    case .number:
      guard let milliseconds = try milliseconds() else {
        throw Refusal(
          .absurdTime, "\(what) is no instant: it has more milliseconds than 64 bits hold", offset: start)
      }
      return Instant(milliseconds: milliseconds)
    default: throw wrongType(what, "an RFC 3339 instant or epoch milliseconds", kind)
    }
  }

  /// A number, rounded down; nil beyond 64 bits.
  private mutating func milliseconds() throws(Refusal) -> Int64? {
    let start = position
    let number = try scanNumber()
    if number.isInteger { return Int64(text(number)) }
    position = start
    let value = try self.number().rounded(.down)
    return value >= -0x1p63 && value < 0x1p63 ? Int64(value) : nil
  }

  /// Not further ahead of the clock than its skew.
  func check(_ at: Instant, _ what: String, now: Instant, skew: TimeSpan, at offset: Int) throws(Refusal) {
    guard at > now + skew else { return }
    throw Refusal(
      .fromTheFuture, "\(what) is \((at - now).roughly) ahead of the server, at most \(skew) is allowed",
      hint: "is the sender's clock right?", offset: offset)
  }

  /// What is wrong with the value that `kind` saw: it is another one than was expected, or, as its first byte alone does
  /// not tell, none at all.
  func wrongType(_ what: String, _ expected: String, _ found: Kind) -> Refusal {
    if [.string, .number, .bool, .null].contains(found) {
      var value = self
      // Where it was read already, the position is behind it.
      if (try? value.kind()) == found { do { try value.skip() } catch { return error } }
    }
    return Refusal(.wrongType, "\(what) is \(expected), found \(found.name)", offset: position)
  }

  /// Enters the object that an item has to be.
  mutating func enterObject(_ what: String) throws(Refusal) {
    let kind = try kind()
    guard kind == .object else { throw wrongType(what, "an object", kind) }
    enter()
  }

  /// Hands over each member of the object entered; what is refused of one gets its name.
  @inline(__always)
  mutating func members(_ read: (String, inout JSONScanner) throws(Refusal) -> Void) throws(Refusal) {
    var isFirst = true
    while let key = try nextKey(&isFirst) {
      do throws(Refusal) { try read(key, &self) } catch { throw error.inside(key) }
    }
  }
}

/// Fills a member that may be given once. Null says nothing.
func once<T>(_ member: inout T?, _ key: String, _ offset: Int, _ value: T?) throws(Refusal) {
  guard let value else { return }
  guard member == nil else {
    throw Refusal(.duplicate, "'\(key)' is given twice", hint: "keep one of them", offset: offset)
  }
  member = value
}

extension Refusal {
  /// A member that has to be there is not. If one of the other names is nearly it, that is likely what was meant.
  static func missing(_ member: String, _ hint: String, others: [String] = [], at offset: Int) -> Refusal {
    let near =
      others.first { MemberNames.member(nearlyMeantBy: $0, among: [member]) != nil }
      ?? nearest(to: member, among: others)
    return Refusal(
      .missing, "'\(member)' is missing", hint: near.map { "is '\($0)' meant to be '\(member)'?" } ?? hint,
      offset: offset
    ).inside(member)
  }

  /// A member is missing, and one with another's name for it is there.
  static func other(_ name: String, for member: String, at offset: Int) -> Refusal {
    let mapped = name.isName ? ", or map it in attune.yaml: ingest: { map: { \(member): \(name) } }" : ""
    return Refusal(
      .missing, "'\(member)' is missing", hint: "is '\(name)' meant to be '\(member)'? write '\(member)'\(mapped)",
      offset: offset
    ).inside(member)
  }
}

extension JSONScanner.Kind {
  var name: String {
    switch self {
    case .object: "an object"
    case .array: "an array"
    case .string: "text"
    case .number: "a number"
    case .bool: "true or false"
    case .null: "null"
    }
  }
}

extension TimeSpan {
  /// For people: in its largest unit, rounded. `365 days`, `3 hours`.
  fileprivate var roughly: String {
    for (unit, name) in [
      (TimeSpan.days(1), "day"), (.hours(1), "hour"), (.minutes(1), "minute"), (.seconds(1), "second"),
    ]
    where self >= unit {
      let count = (milliseconds + unit.milliseconds / 2) / unit.milliseconds
      return "\(count) \(name)\(count == 1 ? "" : "s")"
    }
    return "\(milliseconds) ms"
  }
}

extension Instant {
  /// 2000-01-01T00:00:00Z.
  static let earliest = Instant(milliseconds: 946_684_800_000)
  /// 2101-01-01T00:00:00Z.
  static let end = Instant(milliseconds: 4_133_980_800_000)
}
