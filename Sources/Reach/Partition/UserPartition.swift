import AttuneModel
import Fatigue
import HeapModule
import Learning
import Rules

/// Everything known of a 64th of the users. One owner at a time; nothing in it is shared.
struct UserPartition: Sendable {
  let index: Int
  var deduplication = Deduplication()
  var buffer = OrderBuffer()
  var matcher = Matcher()
  var profiles: [String: [Property]] = [:]
  var deferrals = Deferrals()
  var fatigue = FatigueTracker(policy: .nobody)
  var sent = SentMessages()
  /// Matches across users that have come for users here; none is left when a step is over.
  private var referred = Heap<Referred>()
  /// What late events can still take back.
  var proposals = Proposals()
  /// Messages whose clicks may still come.
  var awaited = Awaited()
  var exposures = Exposures()
  /// Of campaigns that are being gathered, or run, or whose goals are still counted.
  var audiences: [String: Members] = [:]
  /// What it may spend in this step, by business; none where nothing is limited.
  var leases: [String: Lease] = [:]
  /// Candidates named so far.
  var named: UInt64 = 0
  /// The hour of stream time in which what is forgotten was last swept.
  var sweptHour: Int64 = .min

  init(index: Int) { self.index = index }

  /// Whether a step without inputs for it changes anything here: most do not.
  private func hasWork(_ step: Step) -> Bool {
    let frontier = step.surroundings.frontier
    let due = min(deferrals.first ?? .distantFuture, matcher.nextDeadline ?? .distantFuture)
    return min(due, buffer.first ?? .distantFuture) <= frontier || hour(of: frontier) > sweptHour
      || awaited.first ?? .distantFuture <= step.surroundings.clock || step.waves.contains { $0.counts[index] > 0 }
      || !step.recalls.isEmpty
  }

  mutating func run(_ step: Step, _ run: inout Run) {
    let items = step.items[index]
    var referrals = (step.referrals?[index] ?? [])[...]
    if items.isEmpty, referrals.isEmpty, step.leases.isEmpty, !hasWork(step) { return }
    leases = step.leases(of: index)
    for start in stride(from: items.startIndex, to: items.endIndex, by: FatigueTracker.preparation) {
      let next = items[start..<min(start + FatigueTracker.preparation, items.endIndex)]
      prepare(for: next, run.surroundings.inputs)
      for item in next {
        while let first = referrals.first, first.position < item.position { receive(referrals.removeFirst(), &run) }
        advance(to: item.frontier, &run)
        run.acknowledge(item, take(item, &run))
      }
    }
    for referral in referrals { receive(referral, &run) }
    advance(to: run.surroundings.frontier, &run)
    for campaign in step.recalls { recall(campaign, at: run.surroundings.clock, &run) }
    for wave in step.waves { decide(wave, &run) }
    hearSilence(&run)
    sweep(run.surroundings.frontier, run)
    run.leases += leases.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    leases = [:]
  }

  /// A match across users arrives as an event does: right after the input from which on its partition could have it,
  /// whatever batch that stood in. It is proposed when time comes to its instant.
  private mutating func receive(_ referral: Referral, _ run: inout Run) {
    advance(to: referral.frontier, &run)
    if referral.isRetraction {
      retract(referral.match, at: referral.at, &run)
    } else {
      referred.insert(Referred(referral))
    }
  }

  private mutating func take(_ item: Item, _ run: inout Run) -> Acknowledgement {
    switch run.surroundings.inputs[item.position] {
    case .event(let event): return take(event, item, &run)
    case .receipt(let receipt): return take(receipt, item, &run)
    case .settlement(let settlement): return take(settlement, item, &run)
    case .reserve(let reservation): return take(reservation, item, &run)
    case .settleReservation(let settlement): return take(settlement, item, &run)
    case .profile(let patch):
      apply(patch)
      return .accepted
    case .erase(let user):
      erase(user, at: item.frontier, &run)
      return .accepted
    case .eraseFatigue(let user):
      fatigue.erase(user: user)
      return .accepted
    case .campaign(.members(let campaign, _, let users)): return gather(users, for: campaign)
    case .configuration, .zone, .endOfTime, .campaign: return .accepted  // the engine's own
    }
  }

  private mutating func take(_ event: Event, _ item: Item, _ run: inout Run) -> Acknowledgement {
    // The engine has looked at it, counts it and answers for it.
    if event.user.isEmpty {
      take(new: event, item, &run)
      return .accepted
    }
    deduplication.forget(before: item.clock)
    if let id = event.id,
      !deduplication.insert(user: event.user, id: id, until: item.clock + run.configuration.timing.deduplication)
    {
      run.count(.duplicate, at: item.clock)
      return .duplicate
    }
    run.count(item.isLate ? .late : .accepted, at: item.clock)
    take(new: event, item, &run)
    return item.isLate ? .late : .accepted
  }

  private mutating func take(new event: Event, _ item: Item, _ run: inout Run) {
    guard item.isLate else { return buffer.insert(event, sequence: item.sequence) }
    var retracted: [Match] = []
    matcher.cancel(
      with: event, at: item.frontier, profile: { [profiles] in profiles[$0] ?? [] }, rules: run.configuration.userRules,
      retracting: &retracted)
    for match in retracted { retract(match, at: item.clock, &run) }
  }

  private mutating func apply(_ patch: ProfilePatch) {
    for change in patch.changes { profiles[patch.user, default: []][change.name] = change.value }
  }

  private mutating func erase(_ user: String, at now: Instant, _ run: inout Run) {
    buffer.erase(user: user)
    matcher.erase(user: user, at: now)
    profiles[user] = nil
    let gone = deferrals.erase(user: user)
    for candidate in gone { leave(candidate, &run) }
    fatigue.erase(user: user)
    let messages = sent.erase(user: user)
    awaited.erase(where: messages.contains)
    exposures.erase(user: user)
    leaveAudiences(user, &run)
  }

  /// Lets time pass: releases events, fires absences and wakes deferred candidates, all in the order of their instants.
  ///
  /// At one instant: deferred candidates, absences of single users, matches across users, events in their order.
  private mutating func advance(to frontier: Instant, _ run: inout Run) {
    while true {
      let waking = deferrals.first ?? .distantFuture
      let deadline = matcher.nextDeadline ?? .distantFuture
      let referral = referred.min?.at ?? .distantFuture
      let event = buffer.first ?? .distantFuture
      let next = min(waking, deadline, referral, event)
      guard next <= frontier, next < .distantFuture else { return }
      // What is due at an instant runs before an event of that instant.
      if waking == next {
        if let candidate = deferrals.popFirst() {
          wake(candidate, &run)
          decide(candidate, at: run.instant(of: waking), &run)
        }
      } else if deadline == next {
        fire(deadline, &run)
      } else if referral == next {
        var matches: [Match] = []
        while referred.min?.at == next, let first = referred.popMin() { matches.append(first.match) }
        propose(matches, at: run.instant(of: next), areAbsences: true, &run)
      } else if let waiting = buffer.popFirst() {
        handle(waiting, &run)
      }
    }
  }

  private mutating func fire(_ deadline: Instant, _ run: inout Run) {
    var matches: [Match] = []
    matcher.fire(
      through: deadline, profile: { [profiles] in profiles[$0] ?? [] }, rules: run.configuration.userRules,
      into: &matches)
    propose(matches, at: run.instant(of: deadline), areAbsences: true, &run)
  }

  private mutating func handle(_ waiting: consuming OrderBuffer.Waiting, _ run: inout Run) {
    reachGoals(waiting.event, &run)
    var matches: [Match] = []
    let at = waiting.event.at
    matcher.handle(
      waiting, profile: { [profiles] in profiles[$0] ?? [] }, rules: run.configuration.userRules, into: &matches)
    if !matches.isEmpty { propose(matches, at: run.instant(of: at), &run) }
  }

  /// Routes matches of one instant to the businesses that want them, and decides them, the most important first.
  private mutating func propose(_ matches: [Match], at: Instant, areAbsences: Bool = false, _ run: inout Run) {
    var candidates: [Candidate] = []
    for match in matches {
      run.count(.matched, at: at, source: .rule(match.rule))
      if match.shadow { continue }
      let first = candidates.count
      for business in run.configuration.routes[match.rule] ?? [] where business.valid.contains(at) {
        named += 1
        candidates.append(
          Candidate(
            id: CandidateID(partition: index, number: named), user: match.user, business: business.name,
            priority: business.priority, origin: .match(rule: match.rule, version: match.version), matched: match.at,
            emit: match.emit))
        run.count(.routed, at: at, source: .rule(match.rule), scene: business.scene, business: business.name)
      }
      if areAbsences, matcher.limits.retraction > .zero, !candidates[first...].isEmpty {
        proposals.insert(match, candidates[first...].map(\.id))
      }
    }
    candidates.sort { ($1.priority, $0.id) < ($0.priority, $1.id) }
    for candidate in candidates { decide(candidate, at: at, &run) }
  }

  /// What is forgotten anyway leaves memory, once an hour of stream time.
  private mutating func sweep(_ frontier: Instant, _ run: Run) {
    let hour = hour(of: frontier)
    guard hour > sweptHour, frontier > .distantPast else { return }
    sweptHour = hour
    fatigue.expire(before: frontier)
    sent.sweep(before: frontier)
    exposures.sweep(before: frontier - Self.exposureSpan)
    dropAudiences(run)
    proposals.sweep(before: frontier, matcher.limits.retraction)
  }

  /// Each partition has its own minute for that, so that nobody waits for all of them.
  private func hour(of frontier: Instant) -> Int64 {
    let shift = TimeSpan(milliseconds: Int64(index) * 3_600_000 / Int64(Partition.count))
    return floorDivide((frontier - shift).milliseconds, 3_600_000)
  }
}

/// A match across users that waits for its instant; those of one instant in the order of their partitions.
private struct Referred: Comparable, Sendable {
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

  static func < (a: Referred, b: Referred) -> Bool {
    (a.at, a.shard, a.number) < (b.at, b.shard, b.number)
  }
}
