import AttuneModel
import Fatigue
import Learning
import Rules

/// Everything known of a 64th of the users, in four parts, and the loop over time that composes them. One owner at a
/// time; nothing in it is shared.
struct UserPartition: Sendable {
  let index: Int
  /// What comes in, until it matches.
  var stream = Stream()
  /// How often users were reached, and who waits to be.
  var reaches = Reaches()
  /// What goes out, until nothing more can be heard of it.
  var outgoing = Outgoing()
  /// Campaigns' audiences, and what may be spent on them.
  var seats = Seats()
  var profiles: [String: [Property]] = [:]
  /// What users have opted out of who have no profile now.
  private(set) var suppressions = Suppressions()
  /// Candidates named so far.
  var named: UInt64 = 0
  /// The hour of stream time in which what is forgotten was last swept.
  private var sweptHour: Int64 = .min

  init(index: Int) { self.index = index }

  mutating func nextID() -> CandidateID {
    named += 1
    return CandidateID(partition: index, number: named)
  }

  /// Whether a step without inputs for it changes anything here: most do not.
  private func hasWork(_ step: Step) -> Bool {
    let frontier = step.context.frontier
    return min(reaches.nextWaking, stream.next.at) <= frontier || hour(of: frontier) > sweptHour
      || outgoing.nextSilence <= step.context.clock || step.waves.contains { $0.counts[index] > 0 }
      || !step.recalls.isEmpty
  }

  mutating func run(_ step: Step, _ progress: inout StepInProgress) {
    let items = step.items[index]
    var referrals = (step.referrals?[index] ?? [])[...]
    if items.isEmpty, referrals.isEmpty, step.leases.isEmpty, !hasWork(step) { return }
    seats.lend(step.leases(of: index))
    for start in stride(from: items.startIndex, to: items.endIndex, by: FatigueTracker.preparation) {
      let next = items[start..<min(start + FatigueTracker.preparation, items.endIndex)]
      prepare(for: next, step.context.inputs)
      for item in next {
        while let first = referrals.first, first.position < item.position {
          receive(referrals.removeFirst(), &progress)
        }
        advance(to: item.frontier, &progress)
        progress.acknowledge(item, take(item, &progress))
      }
    }
    for referral in referrals { receive(referral, &progress) }
    advance(to: step.context.frontier, &progress)
    for campaign in step.recalls { recall(campaign, at: step.context.clock, &progress) }
    for wave in step.waves { decide(wave, &progress) }
    progress.lessons += outgoing.hearSilence(through: step.context.clock, step.context.choices)
    sweep(step.context)
    progress.leases += seats.handBack()
  }

  /// A match across users arrives as an event does: right after the input from which on its partition could have it,
  /// whatever batch that stood in. It is proposed when time comes to its instant.
  private mutating func receive(_ referral: Referral, _ step: inout StepInProgress) {
    advance(to: referral.frontier, &step)
    if referral.isRetraction {
      retract(referral.match, at: referral.at, &step)
    } else {
      stream.insert(referral)
    }
  }

  private mutating func take(_ item: RoutedInput, _ step: inout StepInProgress) -> Acknowledgement {
    switch step.context.inputs[item.position] {
    case .event(let event): return take(event, item, &step)
    case .receipt(let receipt): return take(receipt, item, &step)
    case .settlement(let settlement): return take(settlement, item, &step)
    case .reserve(let reservation): return take(reservation, item, &step)
    case .settleReservation(let settlement): return take(settlement, item, &step)
    case .profile(let patch):
      recall(patch.user, step.context.salt)
      apply(patch)
      return .accepted
    case .erase(let user):
      erase(user, at: item.frontier, &step)
      return .accepted
    case .eraseFatigue(let user):
      reaches.forgetReaches(of: user)
      return .accepted
    case .campaign(.members(let campaign, _, let users)): return gather(users, for: campaign)
    case .configuration, .zone, .clock, .endOfTime, .campaign: return .accepted  // the engine's own
    }
  }

  private mutating func take(_ event: Event, _ item: RoutedInput, _ step: inout StepInProgress) -> Acknowledgement {
    // The engine has looked at it, counts it and answers for it.
    if event.user.isEmpty {
      take(new: event, item, &step)
      return .accepted
    }
    guard stream.admit(event, at: item.clock, rememberedFor: step.configuration.timing.deduplication) else {
      step.count(.duplicate, at: item.clock)
      return .duplicate
    }
    step.count(item.isLate ? .late : .accepted, at: item.clock)
    take(new: event, item, &step)
    return item.isLate ? .late : .accepted
  }

  private mutating func take(new event: Event, _ item: RoutedInput, _ step: inout StepInProgress) {
    guard item.isLate else { return stream.insert(event, sequence: item.sequence) }
    let retracted = stream.cancel(with: event, at: item.frontier, profiles, step.configuration.userRules)
    for match in retracted { retract(match, at: item.clock, &step) }
  }

  private mutating func apply(_ patch: ProfilePatch) {
    for change in patch.changes { profiles[patch.user, default: []].apply(change) }
  }

  private mutating func erase(_ user: String, at now: Instant, _ step: inout StepInProgress) {
    let salt = step.context.salt
    stream.erase(user, at: now)
    for wish in profiles.removeValue(forKey: user) ?? [] where wish.isOptOut {
      suppressions.insert(wish.name, of: Pseudonym(of: user, salt: salt))
    }
    for candidate in reaches.erase(user) { leave(candidate, &step) }
    outgoing.erase(user, salt: salt)
    leaveAudiences(user, &step)
  }

  /// The frontier was found to be wrong, and stands at `frontier` again.
  mutating func turnBack(to frontier: Instant) { sweptHour = min(sweptHour, hour(of: frontier)) }

  /// What is forgotten anyway leaves memory, once an hour of stream time.
  private mutating func sweep(_ context: StepContext) {
    let hour = hour(of: context.frontier)
    guard hour > sweptHour, context.frontier > .distantPast else { return }
    sweptHour = hour
    forget(
      before: context.frontier, optOut: context.configuration.timing.optOut, salt: context.salt,
      campaigns: context.forgotten)
  }

  /// What is over by an instant leaves memory.
  /// - Parameters:
  ///   - optOut: how long users can opt out by a message that is forgotten.
  ///   - campaigns: those of which nothing is heard any more.
  mutating func forget(before instant: Instant, optOut: TimeSpan, salt: Pseudonym.Salt, campaigns: Set<String>) {
    reaches.sweep(before: instant)
    outgoing.sweep(before: instant, optOut: optOut, salt: salt)
    seats.drop(campaigns)
    stream.sweep(before: instant)
  }

  /// Each partition has its own minute for that, so that nobody waits for all of them.
  private func hour(of frontier: Instant) -> Int64 {
    let shift = TimeSpan(milliseconds: Int64(index) * 3_600_000 / Int64(Partition.count))
    return floorDivide((frontier - shift).milliseconds, 3_600_000)
  }
}

// The loop over time.
extension UserPartition {
  /// Lets time pass: releases events, fires absences and wakes deferred candidates, all in the order of their instants.
  ///
  /// At one instant: deferred candidates, absences of single users, matches across users, events in their order. What is
  /// due at an instant runs before an event of that instant.
  private mutating func advance(to frontier: Instant, _ step: inout StepInProgress) {
    while true {
      let waking = reaches.nextWaking
      let next = stream.next
      let instant = min(waking, next.at)
      guard instant <= frontier, instant < .distantFuture else { return }
      if waking == instant {
        guard let candidate = reaches.wake() else { continue }
        wake(candidate, &step)
        decide(candidate, at: step.context.instant(of: waking), &step)
        continue
      }
      let now = step.context.instant(of: instant)
      switch next {
      case .absences:
        let matches = stream.fireAbsences(through: instant, profiles, step.configuration.userRules)
        propose(matches, at: now, areAbsences: true, &step)
      case .referrals: propose(stream.popReferrals(at: instant), at: now, areAbsences: true, &step)
      case .event:
        guard let waiting = stream.popEvent() else { continue }
        reachGoals(waiting.event, &step)
        let matches = stream.match(waiting, profiles, step.configuration.userRules)
        if !matches.isEmpty { propose(matches, at: now, areAbsences: false, &step) }
      }
    }
  }

  /// Routes matches of one instant to the businesses that want them, and decides them, the most important first.
  private mutating func propose(
    _ matches: [Match], at: Instant, areAbsences: Bool, _ step: inout StepInProgress
  ) {
    var candidates: [Candidate] = []
    for match in matches {
      step.count(.matched, at: at, source: .rule(match.rule))
      if match.shadow { continue }
      let first = candidates.count
      for business in step.configuration.routes[match.rule] ?? [] where business.valid.contains(at) {
        candidates.append(
          Candidate(
            id: nextID(), user: match.user, business: business.name, priority: business.priority,
            origin: .match(rule: match.rule, version: match.version), matched: match.at, emit: match.emit))
        step.count(.routed, at: at, source: .rule(match.rule), scene: business.scene, business: business.name)
      }
      if areAbsences { stream.propose(match, candidates[first...]) }
    }
    candidates.sort { ($1.priority, $0.id) < ($0.priority, $1.id) }
    for candidate in candidates { decide(candidate, at: at, &step) }
  }
}

// What users have opted out of, though nothing else may be known of them.
extension UserPartition {
  /// What is known of a user, to be looked at.
  func profile(of user: String, salt: Pseudonym.Salt) -> [Property]? {
    guard !suppressions.isEmpty else { return profiles[user] }
    let wishes = suppressions[Pseudonym(of: user, salt: salt)]
    if wishes.isEmpty { return profiles[user] }
    var profile = profiles[user] ?? []
    for wish in wishes { profile[wish] = .bool(false) }
    return profile
  }

  /// A user is spoken of: what they have opted out of stands in the profile from now on.
  mutating func recall(_ user: String, _ salt: Pseudonym.Salt) {
    if suppressions.isEmpty { return }
    for wish in suppressions.take(Pseudonym(of: user, salt: salt)) {
      profiles[user, default: []][wish] = .bool(false)
    }
  }

  /// - Returns: false where it was known already.
  mutating func optOut(_ author: Outgoing.Author, of topic: String?) -> Bool {
    let wish = Property.wish(topic)
    switch author {
    case .user(let user):
      if profiles[user]?[wish] == .bool(false) { return false }
      profiles[user, default: []][wish] = .bool(false)
      return true
    case .pseudonym(let user): return suppressions.insert(wish, of: user)
    }
  }
}

// The order of the parts is that of the bytes of format 6.
extension UserPartition: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(index)
    stream.encodeEvents(into: &writer)
    writer.write(UInt64(profiles.count))
    for (user, profile) in profiles.sorted(by: { $0.key < $1.key }) {
      writer.write(user)
      writer.write(profile)
    }
    writer.write(reaches)
    outgoing.encodeSent(into: &writer)
    stream.encodeProposals(into: &writer)
    writer.write(outgoing)
    writer.write(seats)
    writer.write(named)
    writer.write(sweptHour)
    writer.write(suppressions)
    outgoing.encodePast(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(index: try reader.read())
    try stream.readEvents(from: &reader)
    for _ in 0..<(try reader.read() as UInt64) {
      let user: String = try reader.read()
      profiles[user] = try reader.read()
    }
    reaches = try reader.read()
    let sent: SentMessages = try reader.read()
    try stream.readProposals(from: &reader)
    outgoing = try reader.read()
    outgoing.take(up: sent)
    seats = try reader.read()
    named = try reader.read()
    sweptHour = try reader.read()
    guard reader.format >= 8 else { return }
    suppressions = try reader.read()
    try outgoing.readPast(from: &reader)
  }
}
