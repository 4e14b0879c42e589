import AttuneModel
import Fatigue
import Learning
import Materials

extension UserPartition {
  /// Decides about a candidate, tells how it ended, and sees to what follows.
  mutating func decide(_ candidate: Candidate, at: Instant, _ step: inout StepInProgress) {
    recall(candidate.user, step.context.salt)
    if step.recorded != nil { return repeatDecision(on: candidate, &step) }
    let business = step.configuration.businesses[candidate.business]
    var scored: ScoredCopies?
    var ending = judge(candidate, business, at: at, &scored, step.context)
    if let business { ending.cost = cost(of: ending, business, scored, step.context) }
    if let message = business.flatMap({ ending.message(from: $0) }) { step.effects.messages.append(message) }
    conclude(step.tell(ending), candidate, scored, &step)
  }

  /// Filters, then the choice of material, then fatigue, which reserves: a candidate that is not sent holds no slot.
  /// - Parameter scored: the copies it was chosen from, where the choice is learned.
  private mutating func judge(
    _ candidate: Candidate, _ business: Business?, at: Instant, _ scored: inout ScoredCopies?,
    _ context: StepContext
  ) -> Ending {
    var ending = Ending(candidate, at: at, scene: business?.scene ?? "")
    guard let business, business.valid.contains(at) else {
      ending.refuse(.validity, "the business has ended")
      return ending
    }
    // A campaign that stands still lets nobody pass who wakes meanwhile.
    if let status = context.campaigns[business.name], status != .running {
      let words = "the campaign is \(status.name)"
      if status == .paused {
        ending.putOff(.campaign, words, until: at + .minutes(1))
      } else {
        ending.refuse(.campaign, words)
      }
      return ending
    }
    let slice = business.slice(of: candidate.user)
    if slice == .holdout {
      ending.refuse(.holdout, "left out, to measure against")
      return ending
    }
    let question = question(candidate, at: at, context)
    guard passesFilters(of: business, question, &ending) else { return ending }
    choose(candidate, business, slice, question, &scored, &ending, context)
    if ending.pick != nil { reserve(candidate, question.zone, &ending) }
    return ending
  }

  private func question(_ candidate: Candidate, at: Instant, _ context: StepContext) -> FilterQuestion {
    let profile = profiles[candidate.user] ?? []
    return FilterQuestion(
      user: candidate.user, business: candidate.business, profile: profile, zone: context.zone(of: profile), at: at,
      matched: candidate.matched)
  }

  private func passesFilters(of business: Business, _ question: FilterQuestion, _ ending: inout Ending) -> Bool {
    for filter in business.filters {
      let obstacle = Obstacle.filter(filter.name)
      switch filter.answer(question) {
      case .pass(let details): ending.checks.append(Trace.Check(obstacle, passed: true, details: details))
      case .refuse(let reason, let next):
        ending.refuse(obstacle, reason, next: next)
        return false
      case .defer(let reason, let until):
        ending.putOff(obstacle, reason, until: until)
        return false
      }
    }
    return true
  }

  /// The choice of copy, channel and loudness.
  private func choose(
    _ candidate: Candidate, _ business: Business, _ slice: Slices.Slice, _ question: FilterQuestion,
    _ scored: inout ScoredCopies?, _ ending: inout Ending, _ context: StepContext
  ) {
    let pick: Result<Pick, NoPick>
    if let settings = business.choice, let learned = context.choices[business.name] {
      let copies = learned.score(candidate, business, settings, question, outgoing.exposures)
      scored = copies
      pick = learned.pick(
        from: copies, candidate, business, settings, slice, seats.lease(of: business.name), question, &ending.checks)
    } else {
      pick = business.materials.choose(
        user: candidate.user, business: business.name, round: candidate.id.number,
        lookup: { candidate.value(of: $0, question.profile) }
      ).map { Pick(wording: $0, channel: business.channel(of: $0.material)) }.mapError(NoPick.unfillable)
    }
    switch pick {
    case .success(let pick): ending.pick = pick
    case .failure(.unfillable(let missing)): ending.refuse(.materials, missing.reason)
    case .failure(.held): ending.refuseByLastCheck()
    case .failure(.spent): ending.refuse(.quota, "used up")
    case .failure(.elsewhere(let until)): ending.putOff(.quota, "what is left is being shared out", until: until)
    }
  }

  /// Fatigue has the last word; what it lets through is counted in the same step, and sent.
  private mutating func reserve(_ candidate: Candidate, _ zone: Zone, _ ending: inout Ending) {
    do {
      let verdict = try reaches.reserve(candidate, in: zone, at: ending.at)
      ending.checks += verdict.checks
      guard let dimension = verdict.reason else { return }
      ending.outcome = .refused(
        Ending.Reason(obstacle: .fatigue(dimension), words: dimension.rawValue, next: verdict.next))
    } catch {
      ending.refuse(.fatigue(nil), "\(error)")
    }
  }

  private func cost(
    of ending: Ending, _ business: Business, _ scored: ScoredCopies?, _ context: StepContext
  ) -> RefusalCost? {
    guard case .refused(let reason) = ending.outcome, reason.obstacle.hasCost, let settings = business.choice,
      let learned = context.choices[business.name]
    else { return nil }
    let copies =
      scored
      ?? learned.score(
        ending.candidate, business, settings, question(ending.candidate, at: ending.at, context), outgoing.exposures)
    return learned.cost(of: reason.obstacle, copies)
  }
}

// What follows from a decision is the same when it is made and when it is taken from the journal.
extension UserPartition {
  /// - Parameter scored: the copies it was chosen from, if they are at hand.
  private mutating func conclude(
    _ decision: Decision, _ candidate: Candidate, _ scored: ScoredCopies?, _ step: inout StepInProgress
  ) {
    let business = step.configuration.businesses[decision.business]
    switch decision.outcome {
    case .deferred: if let until = decision.until { reaches.putOff(candidate, until: until) }
    case .sent:
      if let business {
        outgoing.add(
          decision, candidate, business, attribution: step.configuration.timing.attribution,
          question(candidate, at: decision.at, step.context), step.context.choices)
      }
    case .retracted:
      _ = reaches.takeBack(decision.candidate)
      return
    case .refused, .reserved: break
    }
    guard let business, let settings = business.choice else { return }
    let slice = business.slice(of: decision.user)
    let spent = spend(decision, candidate, business, settings, slice, scored, step.context)
    if decision.outcome == .deferred { seats.putOff(of: business.name) }
    // Of those held only where it is the same when the decision is repeated.
    let context = decision.outcome == .sent ? outgoing.context(of: decision.candidate) : spent?.context
    let segment = settings.segment(of: profiles[decision.user] ?? [])
    if let lesson = decision.lesson(slice, segment: segment, context: context) { step.lessons.append(lesson) }
  }

  /// What was decided comes off the quotas that the partition was lent.
  /// - Returns: the copies it was chosen from, if there are such quotas and it was.
  private mutating func spend(
    _ decision: Decision, _ candidate: Candidate, _ business: Business, _ settings: ChoiceSettings,
    _ slice: Slices.Slice, _ scored: ScoredCopies?, _ context: StepContext
  ) -> ScoredCopies? {
    guard seats.lease(of: business.name) != nil, decision.outcome != .deferred,
      let learned = context.choices[business.name]
    else { return nil }
    guard decision.outcome == .sent || decision.manner == .held else {
      // Those left out were never counted on.
      if slice != .holdout { seats.miss(of: business.name) }
      return nil
    }
    let copies =
      scored
      ?? learned.score(
        candidate, business, settings, question(candidate, at: decision.at, context), outgoing.exposures)
    seats.spend(of: business.name, copies, copy: decision.material.flatMap(learned.place))
    return copies
  }
}

// Recovery: what has happened stays happened, whatever filters, limits or rules say today.
extension UserPartition {
  /// A candidate without a record was not proposed when the batch was first handled: it never existed.
  private mutating func repeatDecision(on candidate: Candidate, _ step: inout StepInProgress) {
    guard let decision = step.recorded?.next(for: candidate) else { return }
    repeatDecision(decision, candidate, &step)
  }

  /// A decision whose candidate today's build did not propose: its reach still counts.
  mutating func applyLeftover(_ decision: Decision, _ step: inout StepInProgress) {
    // Of which version is not recorded.
    let rule = step.configuration.businesses[decision.business]?.rule
    let candidate = Candidate(
      id: decision.candidate, user: decision.user, business: decision.business, priority: 0,
      origin: rule.map { .match(rule: $0, version: 0) } ?? .campaign, matched: decision.at, emit: [])
    seats.take(decision.user, of: decision.business, at: decision.at)
    repeatDecision(decision, candidate, &step)
    named = max(named, decision.candidate.number)
  }

  private mutating func repeatDecision(
    _ decision: Decision, _ candidate: Candidate, _ step: inout StepInProgress
  ) {
    if decision.outcome == .sent, step.configuration.businesses[decision.business] != nil {
      reaches.record(decision, in: step.context.zone(of: profiles[decision.user] ?? []))
    }
    conclude(decision, candidate, nil, &step)
  }
}
