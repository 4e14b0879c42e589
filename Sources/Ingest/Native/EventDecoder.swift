public import AttuneModel
public import Codec

/// Events in the native format: bytes in, clean events out.
///
/// | member | |
/// |---|---|
/// | `user` | text or an integer, which becomes its digits; missing, not null, where nobody did it, as in a price cut |
/// | `event` | required; text or an integer |
/// | `ts` | RFC 3339 with its offset, or epoch milliseconds; missing where a clock is given, it is that clock |
/// | `id` | text or an integer; null or missing: the event has none |
/// | anything else | a property: nested objects with dots, lists of scalars, no nulls; an integer from 2^53 on is text |
///
/// Where one of them is missing and another member is called as others call it (`user_id`, `eventId`, `timestamp`), the
/// event is refused: it would be taken without. A `MemberMap` says what a sender calls them.
///
/// A name given twice in one event is refused, so that nobody has to guess which wins.
/// What is finer than a millisecond in `ts` is cut.
public struct EventDecoder: Sendable {
  public let limits: Limits
  private let map: MemberMap

  public init(limits: Limits = .default, map: MemberMap = MemberMap()) {
    self.limits = limits
    self.map = map
  }

  /// A result for each item of the body, in order. What is wrong with one item refuses that item; in an array, what is
  /// not JSON also ends the reading, with one refusal for the rest.
  /// - Parameter now: The clock: what a missing `ts` means, and what `Limits.skew` is measured from. Nil for files.
  public func decode(_ body: some Collection<UInt8>, as format: Format, now: Instant?) -> [Result<Event, Refusal>] {
    reader(now).decode(body, as: format).items
  }

  /// Exactly one event, as in a line of a file.
  public func decode(line: some Collection<UInt8>, now: Instant?) -> Result<Event, Refusal> {
    reader(now).decode(line: line)
  }

  private func reader(_ now: Instant?) -> ItemReader<Event> {
    ItemReader(limits: limits, sample: #"{"user": "u1", "event": "view"}"#) { scanner throws(Refusal) in
      try event(from: &scanner, now: now)
    }
  }

  func event(from scanner: inout JSONScanner, now: Instant?) throws(Refusal) -> Event {
    var draft = Draft(limits: limits, map: map)
    try scanner.enterObject("an event")
    let start = scanner.position - 1
    try draft.readMembers(from: &scanner, now: now)
    try draft.refuseOtherNames(at: start)
    guard let name = draft.name else { throw draft.missing("event", "say what was done, such as view", at: start) }
    guard let at = draft.at ?? now else {
      throw draft.missing("ts", "say when, in RFC 3339 or epoch milliseconds", at: start)
    }
    return Event(id: draft.id, user: draft.user ?? "", name: name, at: at, properties: draft.properties.members)
  }
}

/// What has been read of an event so far.
private struct Draft {
  let limits: Limits
  let map: MemberMap
  var id: String?
  var user: String?
  var name: String?
  var at: Instant?
  var properties: FlatMembers<Property>
  /// That it has none was said.
  private var hasNoID = false
  private var isNow = false

  init(limits: Limits, map: MemberMap) {
    self.limits = limits
    self.map = map
    properties = FlatMembers(limits: limits)
  }

  mutating func readMembers(from scanner: inout JSONScanner, now: Instant?) throws(Refusal) {
    var isFirst = true
    while let key = try scanner.nextKey(&isFirst) {
      do throws(Refusal) { try read(key, from: &scanner, now: now) } catch { throw error.inside(key) }
    }
  }

  private mutating func read(_ key: String, from scanner: inout JSONScanner, now: Instant?) throws(Refusal) {
    let start = scanner.position
    switch map.ours(key) {
    case "id":
      try once(&id, key, start, scanner.identifier("id", upTo: limits.idBytes))
      hasNoID = id == nil
    case "user":
      guard try scanner.kind() != .null else {
        throw Refusal(.missing, "'\(key)' is null", hint: "leave it out where nobody did it", offset: start)
      }
      try once(&user, key, start, scanner.identifier("user", upTo: limits.userBytes))
    case "event": try once(&name, key, start, scanner.identifier("event", upTo: limits.eventBytes))
    case "ts":
      try once(&at, key, start, scanner.instant("ts", now: now, limits: limits))
      isNow = at == nil
    case "properties" where map.theirs("properties") == key && map.guessed(["properties"]).isEmpty:
      try scanner.enterObject("'\(key)'")
      try readMembers(from: &scanner, now: now)
    default:
      if MemberNames.isWrapper(key), try scanner.kind() == .object {
        throw Refusal(
          .unknownMember, "what stands in '\(key)' would be called '\(key).price', and no rule would find it",
          hint: "write it beside 'user' and 'event', or map it in attune.yaml: ingest: { map: { properties: \(key) } }",
          offset: start)
      }
      try properties.read(key, from: &scanner)
    }
  }

  /// What is called as others call a member that is missing would be a property, and the event taken without the member.
  func refuseOtherNames(at offset: Int) throws(Refusal) {
    if id != nil, user != nil, at != nil, name != nil { return }
    var missing: [String] = []
    if user == nil { missing.append("user") }
    if name == nil { missing.append("event") }
    if at == nil, !isNow { missing.append("ts") }
    if id == nil, !hasNoID { missing.append("id") }
    missing = map.guessed(missing)
    if missing.isEmpty { return }
    // The rest is missing from most events, and a slip of a short name is anything.
    let near = missing.filter { $0 == "user" || $0 == "event" }
    for property in properties.members {
      let member =
        MemberNames.member(meantBy: property.name, among: missing)
        ?? (near.isEmpty ? nil : MemberNames.member(nearlyMeantBy: property.name, among: near))
      if let member, property.value.mayBe(member) { throw .other(property.name, for: member, at: offset) }
    }
  }

  func missing(_ member: String, _ hint: String, at offset: Int) -> Refusal {
    .missing(map.theirs(member), hint, at: offset)
  }
}

extension Value {
  /// Whether it could be the value of that member of an event.
  fileprivate func mayBe(_ member: String) -> Bool {
    switch self {
    case .string(let text): member != "ts" || text.utf8.first.map { (0x30...0x39).contains($0) } ?? false
    // Seconds of the year 2000 or later: a duration is less.
    case .number(let number): member != "ts" || number >= 9.4e8
    case .bool, .list: false
    }
  }
}
