import AttuneModel
import Fatigue
import Learning
import Materials

extension UserPartition {
  /// Filters, then the choice of material, then fatigue, which reserves: a candidate that is not sent holds no slot.
  mutating func decide(_ candidate: Candidate, at: Instant, _ run: inout Run) {
    if run.recorded != nil { return repeatDecision(on: candidate, at: at, &run) }
    var trace = Trace(
      id: .candidate(candidate.id), at: at, user: candidate.user, scene: "", business: candidate.business,
      origin: candidate.origin, matched: candidate.matched, outcome: .refused)
    guard let business = run.configuration.businesses[candidate.business], business.valid.contains(at) else {
      trace.checks.append(Trace.Check(.validity, passed: false, reason: "the business has ended"))
      trace.scene = run.configuration.businesses[candidate.business]?.scene ?? ""
      return finish(candidate, trace, &run)
    }
    trace.scene = business.scene
    if let pause = pause(business.name, at, run) {
      if pause.next != nil { trace.outcome = .deferred }
      trace.checks.append(pause)
      return finish(candidate, trace, &run)
    }
    let profile = profiles[candidate.user] ?? []
    let zone = zone(of: profile, run.surroundings)
    let slice = slice(of: candidate.user, business, run.configuration)
    if slice == .holdout {
      trace.checks.append(Trace.Check(.holdout, passed: false, reason: "left out, to measure against"))
      return finish(candidate, trace, &run)
    }
    let question = FilterQuestion(
      user: candidate.user, business: business.name, profile: profile, zone: zone, at: at, matched: candidate.matched)
    for filter in business.filters {
      switch filter.answer(question) {
      case .pass(let details): trace.checks.append(Trace.Check(.filter(filter.name), passed: true, details: details))
      case .refuse(let reason, let next):
        trace.checks.append(Trace.Check(.filter(filter.name), passed: false, reason: reason, next: next))
        return finish(candidate, trace, &run)
      case .defer(let reason, let until):
        trace.outcome = .deferred
        trace.checks.append(Trace.Check(.filter(filter.name), passed: false, reason: reason, next: until))
        return finish(candidate, trace, &run)
      }
    }
    switch pick(candidate, business, slice, zone, &trace, &run) {
    case .success(let pick):
      trace.material = pick.wording.material
      trace.choice = pick.wording.how
      reserve(candidate, business, pick, zone, &trace, &run)
    case .failure(let none): note(none, in: &trace)
    }
    finish(candidate, trace, &run)
  }

  /// A campaign that stands still lets nobody pass who wakes meanwhile.
  private func pause(_ name: String, _ at: Instant, _ run: Run) -> Trace.Check? {
    guard let status = run.surroundings.campaigns[name], status != .running else { return nil }
    let next = status == .paused ? at + .minutes(1) : nil
    return Trace.Check(.campaign, passed: false, reason: "the campaign is \(status.name)", next: next)
  }

  private func note(_ none: NoPick, in trace: inout Trace) {
    switch none {
    case .unfillable(let missing): trace.checks.append(Trace.Check(.materials, passed: false, reason: missing.reason))
    // Its check stands there already, with what it was weighed by.
    case .held: break
    case .spent: trace.checks.append(Trace.Check(.quota, passed: false, reason: "used up"))
    case .elsewhere(let until):
      trace.outcome = .deferred
      trace.checks.append(Trace.Check(.quota, passed: false, reason: "what is left is being shared out", next: until))
    }
  }

  /// Fatigue has the last word; what it lets through is counted in the same step, and sent.
  private mutating func reserve(
    _ candidate: Candidate, _ business: Business, _ pick: Pick, _ zone: Zone, _ trace: inout Trace, _ run: inout Run
  ) {
    do {
      let verdict = try fatigue.reserve(
        id: candidate.id.rawValue, user: candidate.user, business: business.name, zone: zone, at: trace.at)
      trace.checks += verdict.checks
      trace.next = verdict.next
      if let dimension = verdict.reason {
        trace.obstacle = .fatigue(dimension)
        trace.reason = dimension.rawValue
      } else {
        trace.outcome = .sent
        send(candidate, business, pick, at: trace.at, &run)
      }
    } catch {
      trace.checks.append(Trace.Check(.fatigue(nil), passed: false, reason: "\(error)"))
    }
  }

  private mutating func send(
    _ candidate: Candidate, _ business: Business, _ pick: Pick, at: Instant, _ run: inout Run
  ) {
    remember(candidate, business, material: pick.wording.material, isQuiet: pick.isQuiet, at: at, run)
    run.effects.messages.append(
      Message(
        id: candidate.id, user: candidate.user, business: business.name, channel: pick.channel,
        title: pick.wording.title, body: pick.wording.body, data: candidate.emit, material: pick.wording.material,
        at: at, expires: business.expires.map { candidate.matched + $0 }, whenUnknown: business.whenUnknown,
        isQuiet: pick.isQuiet))
  }

  /// Records the decision, counts it, leaves its trace; puts a deferred candidate to sleep.
  private mutating func finish(_ candidate: Candidate, _ trace: Trace, _ run: inout Run) {
    var trace = trace
    if trace.outcome != .sent, trace.obstacle == nil, let last = trace.checks.last {
      trace.obstacle = last.obstacle
      trace.reason = last.reason
      trace.next = last.next
    }
    let detail: String? =
      switch trace.outcome {
      case .sent: trace.material
      case .reserved, .retracted: nil
      case .refused, .deferred: trace.obstacle?.name
      }
    let until = trace.outcome == .deferred ? trace.next : nil
    if let until { deferrals.insert(candidate, until: until) }
    let stage: Tally.Stage =
      switch trace.outcome {
      case .sent: .sent
      case .refused: .refused
      case .deferred: .deferred
      case .reserved: .reserved
      case .retracted: .retracted
      }
    run.count(
      stage, at: trace.at, source: candidate.origin.source, scene: trace.scene, business: candidate.business,
      detail: detail ?? "")
    let decision = Decision(
      candidate: candidate.id, outcome: trace.outcome, at: trace.at, user: candidate.user,
      business: candidate.business, material: trace.outcome == .sent ? trace.material : nil, until: until,
      manner: Self.manner(of: trace, sent[candidate.id]), loss: loss(candidate, trace, run))
    tell(of: decision, candidate, &run)
    run.effects.decisions.append(decision)
    run.effects.traces.append(trace)
  }

  private static func manner(of trace: Trace, _ sent: SentMessages.Sent?) -> Decision.Manner {
    switch trace.outcome {
    case .sent: sent?.isQuiet == true ? .quiet : .plain
    case .refused: trace.obstacle == .choice ? .held : .plain
    case .deferred, .reserved, .retracted: .plain
    }
  }

  /// What campaigns count, and learners take for a message sent.
  private mutating func tell(of decision: Decision, _ candidate: Candidate, _ run: inout Run) {
    guard let business = run.configuration.businesses[decision.business], business.choice != nil else { return }
    spend(decision, candidate, business, &run)
    var lesson = Lesson(business: business.name, what: .refused(decision.loss))
    lesson.slice = slice(of: decision.user, business, run.configuration)
    lesson.segment = business.choice?.segment(of: profiles[decision.user] ?? []) ?? ""
    switch decision.outcome {
    case .sent:
      lesson.what = .sent(isQuiet: decision.manner == .quiet)
      lesson.copy = decision.material ?? ""
      lesson.context = awaited[decision.candidate]?.context
    case .deferred:
      audiences[business.name]?.deferred += 1
      lesson.what = .deferred
    case .refused where lesson.slice == .holdout: lesson.what = .heldOut
    case .refused where decision.manner == .held:
      lesson.what = .held
      // Only where it is the same when the decision is repeated: see `spend`.
      if leases[business.name] != nil { lesson.context = run.weighed?.context }
    case .refused: break
    case .reserved, .retracted: return
    }
    run.lessons.append(lesson)
  }

  private mutating func remember(
    _ candidate: Candidate, _ business: Business, material: String, isQuiet: Bool, at: Instant, _ run: Run
  ) {
    sent.insert(
      SentMessages.Sent(
        user: candidate.user, business: business.name, scene: business.scene, source: candidate.origin.source,
        topic: business.topic, material: material,
        until: at + max(run.configuration.timing.attribution, business.choice?.attribution ?? .zero), isQuiet: isQuiet),
      id: candidate.id)
    expectAnswer(to: candidate, business, material: material, isQuiet: isQuiet, at: at, run)
  }

  func zone(of profile: [Property], _ surroundings: Surroundings) -> Zone {
    guard case .string(let name) = profile["zone"] else { return surroundings.configuration.fatigue.zone }
    return surroundings.zones[name] ?? surroundings.configuration.fatigue.zone
  }

  func zone(of user: String, _ surroundings: Surroundings) -> Zone {
    zone(of: profiles[user] ?? [], surroundings)
  }

  static func lookup(_ name: String, _ candidate: Candidate, _ profile: [Property]) -> Value? {
    if name == "user" { return .string(candidate.user) }
    if name.hasPrefix("profile.") { return profile[String(name.dropFirst("profile.".count))] }
    return candidate.emit[name]
  }
}

// Recovery: what has happened stays happened, whatever filters, limits or rules say today.
extension UserPartition {
  /// A candidate without a record was not proposed when the batch was first handled: it never existed.
  private mutating func repeatDecision(on candidate: Candidate, at: Instant, _ run: inout Run) {
    guard let decision = run.recorded?.next(for: candidate) else { return }
    repeatConsequences(of: decision, candidate, &run)
  }

  /// A decision whose candidate today's build did not propose: its reach still counts.
  mutating func applyLeftover(_ decision: Decision, _ run: inout Run) {
    // Of which version is not recorded.
    let origin = run.configuration.businesses[decision.business]?.rule.map { Origin.match(rule: $0, version: 0) }
    let candidate = Candidate(
      id: decision.candidate, user: decision.user, business: decision.business, priority: 0,
      origin: origin ?? .campaign,
      matched: decision.at, emit: [])
    audiences[decision.business]?.take(decision.user, decision.business, at: decision.at)
    repeatConsequences(of: decision, candidate, &run)
    named = max(named, decision.candidate.number)
  }

  private mutating func repeatConsequences(of decision: Decision, _ candidate: Candidate, _ run: inout Run) {
    defer { tell(of: decision, candidate, &run) }
    switch decision.outcome {
    case .refused, .reserved: break
    case .retracted: _ = deferrals.remove(decision.candidate)
    case .deferred: if let until = decision.until { deferrals.insert(candidate, until: until) }
    case .sent:
      guard let business = run.configuration.businesses[decision.business] else { return }
      try? fatigue.record(
        id: decision.candidate.rawValue, user: decision.user, business: decision.business,
        zone: zone(of: decision.user, run.surroundings), at: decision.at)
      remember(
        candidate, business, material: decision.material ?? "", isQuiet: decision.manner == .quiet, at: decision.at, run
      )
    }
  }
}
