import AttuneModel
import HeapModule
import Rules

/// The events of a partition's users on their way to matches: each once, in the order of their instants.
struct Stream: Sendable {
  private var deduplication = Deduplication()
  private var buffer = OrderBuffer()
  private var matcher = Matcher()
  /// What late events can still take back.
  private var proposals = Proposals()
  /// Matches across users that have come for users here; none is left when a step is over.
  private var referred = Heap<ReferredMatch>()

  /// What waits for its instant first. At one instant: absences of single users, matches across users, events in their
  /// order.
  enum Next {
    case absences(Instant)
    case referrals(Instant)
    case event(Instant)

    var at: Instant {
      switch self {
      case .absences(let at), .referrals(let at), .event(let at): at
      }
    }
  }

  var next: Next {
    let deadline = matcher.nextDeadline ?? .distantFuture
    let referral = referred.min?.at ?? .distantFuture
    let event = buffer.first ?? .distantFuture
    if deadline <= min(referral, event) { return .absences(deadline) }
    return referral <= event ? .referrals(referral) : .event(event)
  }

  /// When the last absence that is waited for is due; nil if none is.
  var latestDeadline: Instant? { matcher.latestDeadline }

  /// Events that wait for those that may still come before them.
  var buffered: Int { buffer.count }

  /// False if an event of this id was seen before.
  mutating func admit(_ event: Event, at clock: Instant, rememberedFor span: TimeSpan) -> Bool {
    deduplication.forget(before: clock)
    guard let id = event.id else { return true }
    return deduplication.insert(user: event.user, id: id, until: clock + span)
  }

  mutating func insert(_ event: Event, sequence: UInt64) { buffer.insert(event, sequence: sequence) }

  mutating func insert(_ referral: Referral) { referred.insert(ReferredMatch(referral)) }

  /// A late event triggers nothing, but may show that absences should not have matched.
  mutating func cancel(
    with event: Event, at frontier: Instant, _ profiles: [String: [Property]], _ rules: RuleSet
  ) -> [Match] {
    var retracted: [Match] = []
    matcher.cancel(
      with: event, at: frontier, profile: { profiles[$0] ?? [] }, rules: rules, retracting: &retracted)
    return retracted
  }

  mutating func fireAbsences(
    through deadline: Instant, _ profiles: [String: [Property]], _ rules: RuleSet
  ) -> [Match] {
    var matches: [Match] = []
    matcher.fire(through: deadline, profile: { profiles[$0] ?? [] }, rules: rules, into: &matches)
    return matches
  }

  /// Those of one instant, in the order of the partitions they come from.
  mutating func popReferrals(at instant: Instant) -> [Match] {
    var matches: [Match] = []
    while referred.min?.at == instant, let first = referred.popMin() { matches.append(first.match) }
    return matches
  }

  mutating func popEvent() -> OrderBuffer.Waiting? { buffer.popFirst() }

  mutating func match(
    _ waiting: consuming OrderBuffer.Waiting, _ profiles: [String: [Property]], _ rules: RuleSet
  ) -> [Match] {
    var matches: [Match] = []
    matcher.handle(waiting, profile: { profiles[$0] ?? [] }, rules: rules, into: &matches)
    return matches
  }

  /// Notes what an absence proposed, for as long as it can be taken back.
  mutating func propose(_ match: Match, _ candidates: ArraySlice<Candidate>) {
    if matcher.limits.retraction > .zero, !candidates.isEmpty { proposals.insert(match, candidates.map(\.id)) }
  }

  /// What a match that is taken back had proposed.
  mutating func takeBack(_ match: Match) -> [CandidateID] { proposals.remove(match) ?? [] }

  mutating func erase(_ user: String, at now: Instant) {
    buffer.erase(user: user)
    matcher.erase(user: user, at: now)
  }

  mutating func adopt(_ limits: Matcher.Limits, _ rules: RuleSet, at frontier: Instant) {
    matcher.adopt(limits, at: frontier)
    matcher.adopt(rules)
  }

  /// Lets go of what is over by now, however much of it memory still holds.
  mutating func pass(to frontier: Instant) { matcher.pass(to: frontier) }

  /// Only frees memory: what it drops was forgotten before.
  mutating func sweep(before frontier: Instant) { proposals.sweep(before: frontier, matcher.limits.retraction) }
}

/// A match across users that waits for its instant; those of one instant in the order of their partitions.
private struct ReferredMatch: Comparable, Sendable {
  var match: Match
  var at: Instant
  var shard: Int
  var number: Int

  init(_ referral: Referral) {
    match = referral.match
    at = referral.at
    shard = referral.shard
    number = referral.number
  }

  static func < (a: ReferredMatch, b: ReferredMatch) -> Bool {
    (a.at, a.shard, a.number) < (b.at, b.shard, b.number)
  }
}

extension Stream {
  // Its parts stand apart in a checkpoint: profiles and what was reached lie between them.
  func encodeEvents(into writer: inout ByteWriter) {
    writer.write(deduplication)
    writer.write(buffer)
    writer.write(matcher)
  }

  func encodeProposals(into writer: inout ByteWriter) { writer.write(proposals) }

  mutating func readEvents(from reader: inout ByteReader) throws(BinaryError) {
    deduplication = try reader.read()
    buffer = try reader.read()
    matcher = try reader.read()
  }

  mutating func readProposals(from reader: inout ByteReader) throws(BinaryError) { proposals = try reader.read() }
}
