import Fatigue
import Materials
import Model

extension UserPartition {
  /// Filters, then the choice of material, then fatigue, which reserves: a candidate that is not sent holds no slot.
  mutating func decide(_ candidate: Candidate, at: Instant, _ run: inout Run) {
    if run.recorded != nil { return repeatDecision(on: candidate, at: at, &run) }
    var trace = Trace(
      id: .candidate(candidate.id), at: at, user: candidate.user, scene: "", business: candidate.business,
      rule: candidate.rule,
      ruleVersion: candidate.ruleVersion, matched: candidate.matched, outcome: .refused)
    guard let business = run.configuration.businesses[candidate.business], business.valid.contains(at) else {
      trace.checks.append(Trace.Check("validity", passed: false, reason: "the business has ended"))
      trace.scene = run.configuration.businesses[candidate.business]?.scene ?? ""
      return finish(candidate, trace, &run)
    }
    trace.scene = business.scene
    let profile = profiles[candidate.user] ?? []
    let zone = zone(of: profile, run.surroundings)
    let question = FilterQuestion(
      user: candidate.user, business: business.name, profile: profile, zone: zone, at: at, matched: candidate.matched)
    for filter in business.filters {
      switch filter.answer(question) {
      case .pass(let details): trace.checks.append(Trace.Check(filter.name, passed: true, details: details))
      case .refuse(let reason, let next):
        trace.checks.append(Trace.Check(filter.name, passed: false, reason: reason, next: next))
        return finish(candidate, trace, &run)
      case .defer(let reason, let until):
        trace.outcome = .deferred
        trace.checks.append(Trace.Check(filter.name, passed: false, reason: reason, next: until))
        return finish(candidate, trace, &run)
      }
    }
    let choice: Choice
    switch business.materials.choose(
      user: candidate.user, business: business.name, round: candidate.id.number,
      lookup: { name in Self.lookup(name, candidate, profile) })
    {
    case .success(let chosen): choice = chosen
    case .failure(let missing):
      trace.checks.append(Trace.Check("materials", passed: false, reason: missing.reason))
      return finish(candidate, trace, &run)
    }
    trace.material = choice.material
    trace.choice = choice.how
    reserve(candidate, business, choice, zone, &trace, &run)
    finish(candidate, trace, &run)
  }

  /// Fatigue has the last word; what it lets through is counted in the same step, and sent.
  private mutating func reserve(
    _ candidate: Candidate, _ business: Business, _ choice: Choice, _ zone: Zone, _ trace: inout Trace, _ run: inout Run
  ) {
    do {
      let verdict = try fatigue.reserve(
        id: candidate.id.rawValue, user: candidate.user, business: business.name, zone: zone, at: trace.at)
      trace.checks += verdict.checks
      trace.next = verdict.next
      if let dimension = verdict.reason {
        trace.filter = "fatigue"
        trace.reason = dimension.rawValue
      } else {
        trace.outcome = .sent
        send(candidate, business, choice, at: trace.at, &run)
      }
    } catch {
      trace.checks.append(Trace.Check("fatigue", passed: false, reason: "\(error)"))
    }
  }

  private mutating func send(
    _ candidate: Candidate, _ business: Business, _ choice: Choice, at: Instant, _ run: inout Run
  ) {
    remember(candidate, business, material: choice.material, at: at, run)
    run.effects.messages.append(
      Message(
        id: candidate.id, user: candidate.user, business: business.name, channel: business.channel, title: choice.title,
        body: choice.body, data: candidate.emit, material: choice.material, at: at,
        expires: business.expires.map { candidate.matched + $0 }, whenUnknown: business.whenUnknown))
  }

  /// Records the decision, counts it, leaves its trace; puts a deferred candidate to sleep.
  private mutating func finish(_ candidate: Candidate, _ trace: Trace, _ run: inout Run) {
    var trace = trace
    if trace.outcome != .sent, trace.filter == nil, let last = trace.checks.last {
      trace.filter = last.name
      trace.reason = last.reason
      trace.next = last.next
    }
    let detail: String? =
      switch trace.outcome {
      case .sent: trace.material
      case .reserved, .retracted: nil
      case .refused where trace.filter == "fatigue": trace.reason.map { "fatigue.\($0)" }
      case .refused, .deferred: trace.filter
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
      stage, at: trace.at, rule: candidate.rule, scene: trace.scene, business: candidate.business, detail: detail ?? "")
    run.effects.decisions.append(
      Decision(
        candidate: candidate.id, outcome: trace.outcome, at: trace.at, user: candidate.user,
        business: candidate.business, material: trace.outcome == .sent ? trace.material : nil, until: until))
    run.effects.traces.append(trace)
  }

  private mutating func remember(
    _ candidate: Candidate, _ business: Business, material: String, at: Instant, _ run: Run
  ) {
    sent.insert(
      SentMessages.Sent(
        user: candidate.user, business: business.name, scene: business.scene, rule: candidate.rule,
        topic: business.topic, material: material, until: at + run.configuration.timing.attribution),
      id: candidate.id)
  }

  func zone(of profile: [Property], _ surroundings: Surroundings) -> Zone {
    guard case .string(let name) = profile["zone"] else { return surroundings.configuration.fatigue.zone }
    return surroundings.zones[name] ?? surroundings.configuration.fatigue.zone
  }

  func zone(of user: String, _ surroundings: Surroundings) -> Zone {
    zone(of: profiles[user] ?? [], surroundings)
  }

  private static func lookup(_ name: String, _ candidate: Candidate, _ profile: [Property]) -> Value? {
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
    let candidate = Candidate(
      id: decision.candidate, user: decision.user, business: decision.business, priority: 0, rule: "",
      ruleVersion: 0, matched: decision.at, emit: [])
    repeatConsequences(of: decision, candidate, &run)
    named = max(named, decision.candidate.number)
  }

  private mutating func repeatConsequences(of decision: Decision, _ candidate: Candidate, _ run: inout Run) {
    switch decision.outcome {
    case .refused, .reserved: break
    case .retracted: _ = deferrals.remove(decision.candidate)
    case .deferred: if let until = decision.until { deferrals.insert(candidate, until: until) }
    case .sent:
      guard let business = run.configuration.businesses[decision.business] else { return }
      try? fatigue.record(
        id: decision.candidate.rawValue, user: decision.user, business: decision.business,
        zone: zone(of: decision.user, run.surroundings), at: decision.at)
      remember(candidate, business, material: decision.material ?? "", at: decision.at, run)
    }
  }
}
