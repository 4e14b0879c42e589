public import AttuneModel
public import Codec

/// Events in the native format: bytes in, clean events out.
///
/// | member | |
/// |---|---|
/// | `user` | text or an integer, which becomes its digits; missing where nobody did it, as in a price cut |
/// | `event` | required; text or an integer |
/// | `ts` | RFC 3339 with its offset, or epoch milliseconds; missing where a clock is given, it is that clock |
/// | `id` | text or an integer; null or missing: the event has none |
/// | anything else | a property: nested objects with dots, lists of scalars, no nulls; an integer from 2^53 on is text |
///
/// A name given twice in one event is refused, so that nobody has to guess which wins.
/// What is finer than a millisecond in `ts` is cut.
public struct EventDecoder: Sendable {
  public let limits: Limits

  public init(limits: Limits = .default) { self.limits = limits }

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
    ItemReader(limits: limits) { scanner throws(Refusal) in try event(from: &scanner, now: now) }
  }

  func event(from scanner: inout JSONScanner, now: Instant?) throws(Refusal) -> Event {
    var draft = Draft(limits: limits)
    try scanner.enterObject("an event")
    let start = scanner.position - 1
    var isFirst = true
    while let key = try scanner.nextKey(&isFirst) {
      do throws(Refusal) { try draft.read(key, from: &scanner, now: now) } catch { throw error.inside(key) }
    }
    // What nobody did has no user; but what is nearly called that is a slip.
    if draft.user == nil, nearest(to: "user", among: draft.properties.members.map(\.name)) != nil {
      throw draft.missing("user", "say who did it", at: start)
    }
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
  var id: String?
  var user: String?
  var name: String?
  var at: Instant?
  var properties: FlatMembers<Property>

  init(limits: Limits) {
    self.limits = limits
    properties = FlatMembers(limits: limits)
  }

  mutating func read(_ key: String, from scanner: inout JSONScanner, now: Instant?) throws(Refusal) {
    let start = scanner.position
    switch key {
    case "id": try once(&id, key, start, scanner.identifier("id", upTo: limits.idBytes))
    case "user": try once(&user, key, start, scanner.identifier("user", upTo: limits.userBytes))
    case "event": try once(&name, key, start, scanner.identifier("event", upTo: limits.eventBytes))
    case "ts": try once(&at, key, start, scanner.instant("ts", now: now, limits: limits))
    default: try properties.read(key, from: &scanner)
    }
  }

  func missing(_ member: String, _ hint: String, at offset: Int) -> Refusal {
    .missing(member, hint, others: properties.members.map(\.name), at: offset)
  }
}
