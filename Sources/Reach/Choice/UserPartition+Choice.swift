import AttuneModel
import Learning
import Materials

/// What a candidate says to its user, and how.
struct Pick {
  var wording: Wording
  var channel: String
  var isQuiet = false
}

/// Why a candidate says nothing.
enum NoPick: Error {
  case unfillable(NoMaterial)
  /// No copy is worth it.
  case held
  /// The quotas that it could be sent under are used up.
  case spent
  /// They are not, but what is left of them is with other partitions: asked again then.
  case elsewhere(until: Instant)
}

extension UserPartition {
  /// How long a candidate waits for quota that other partitions had.
  private static let leaseWait = TimeSpan.seconds(1)

  func slice(of user: String, _ business: Business, _ configuration: Configuration) -> Slices.Slice {
    guard let settings = business.choice else { return .learned }
    let holdout = configuration.campaigns[business.name]?.holdout ?? 0
    let slices = Slices(campaign: business.name, holdout: holdout, random: min(settings.random, 1 - holdout))
    return slices?.slice(of: user) ?? .learned
  }

  /// The choice of copy, channel and loudness; `learned` by the one rule: value, prices, annoyance, weariness.
  func pick(
    _ candidate: Candidate, _ business: Business, _ slice: Slices.Slice, _ zone: Zone, _ trace: inout Trace,
    _ run: inout Run
  ) -> Result<Pick, NoPick> {
    let profile = profiles[candidate.user] ?? []
    let lookup = { (name: String) in Self.lookup(name, candidate, profile) }
    guard let settings = business.choice, let pilot = run.surroundings.pilots[business.name] else {
      return business.materials.choose(
        user: candidate.user, business: business.name, round: candidate.id.number, lookup: lookup
      ).map { Pick(wording: $0, channel: business.channel(of: $0.material)) }.mapError(NoPick.unfillable)
    }
    var weighed = weigh(candidate, business, settings, pilot, zone, at: trace.at)
    run.weighed = weighed
    if !weighed.eligible.contains(true) {
      return .failure(.unfillable(NoMaterial(reason: "every copy misses a value of this user")))
    }
    if let refusal = restrict(&weighed, business, pilot, &trace) { return .failure(refusal) }
    let options = leases[business.name]?.options
    let answer = weighed.answer(
      slice, pilot, settings, mayHold: options?.mayHold ?? true)
    trace.checks.append(answer.check)
    guard let place = answer.place, let material = weighed.material(place, pilot, business) else {
      return .failure(.held)
    }
    return material.fill(lookup).map { words in
      Pick(
        wording: Wording(material: material.id, title: words.title, body: words.body, how: answer.reason),
        channel: material.channel ?? business.channel, isQuiet: answer.isQuiet)
    }.mapError { .unfillable(NoMaterial(reason: "'\(material.id)' has \($0)")) }
  }

  /// What each copy is worth to this user now.
  func weigh(
    _ candidate: Candidate, _ business: Business, _ settings: ChoiceSettings, _ pilot: Pilot, _ zone: Zone, at: Instant
  ) -> Weighed {
    let profile = profiles[candidate.user] ?? []
    let lookup = { (name: String) in Self.lookup(name, candidate, profile) }
    let context = settings.context(profile, zone, pilot, at: at)
    var weighed = Weighed(
      candidate: candidate.id,
      seed: StableHash.of("choice", business.name, candidate.user, seed: candidate.id.rawValue),
      context: context, scores: pilot.learner.scores(for: context))
    let optOuts = pilot.annoyance.scores(for: context)
    for material in business.materials.all where material.weight > 0 && material.canFill(lookup) {
      if let place = pilot.place(of: material.id) { weighed.eligible[place] = true }
    }
    for place in weighed.scores.indices {
      weighed.annoyances[place] = settings.annoyance * optOuts[place].probability
      if settings.weariness == 0 { continue }
      let seen = exposures.freshness(
        of: pilot.copies[place].id, business.name, user: candidate.user, at: at, recovery: settings.recovery)
      weighed.weariness[place] = pilot.weariness.loss(weighed.scores[place], freshness: seen)
    }
    return weighed
  }

  /// Takes copies away that this partition holds no quota for.
  private func restrict(
    _ weighed: inout Weighed, _ business: Business, _ pilot: Pilot, _ trace: inout Trace
  ) -> NoPick? {
    let now = trace.at
    guard let options = leases[business.name]?.options else {
      // Nothing was lent for this step: that is no leave to send without limits.
      return pilot.allocator == nil ? nil : .elsewhere(until: now + Self.leaseWait)
    }
    // As it was before it was lent out.
    let all = pilot.allocator?.options.copies ?? []
    let isElsewhere = zip(weighed.eligible, all).contains { $0 && $1 }
    for place in weighed.eligible.indices where !(options.copies.indices.contains(place) && options.copies[place]) {
      weighed.eligible[place] = false
    }
    if weighed.eligible.contains(true) { return nil }
    if isElsewhere, leases[business.name]?.isBlind == true {
      trace.checks.append(
        Trace.Check(.choice, passed: false, reason: "held back until more is known of what it is worth"))
      return .held
    }
    return isElsewhere ? .elsewhere(until: now + Self.leaseWait) : .spent
  }

  /// What was decided comes off the quotas that the partition was lent.
  mutating func spend(_ decision: Decision, _ candidate: Candidate, _ business: Business, _ run: inout Run) {
    guard leases[business.name] != nil, decision.outcome != .deferred, let settings = business.choice,
      let pilot = run.surroundings.pilots[business.name]
    else { return }
    guard decision.outcome == .sent || decision.manner == .held else {
      // Those left out were never counted on.
      if slice(of: decision.user, business, run.configuration) != .holdout { leases[business.name]?.miss() }
      return
    }
    let zone = zone(of: decision.user, run.surroundings)
    let weighed =
      run.weighed.flatMap { $0.candidate == candidate.id ? $0 : nil }
      ?? weigh(candidate, business, settings, pilot, zone, at: decision.at)
    run.weighed = weighed
    leases[business.name]?.observe(
      weighed.costs, context: weighed.context, sent: decision.material.flatMap(pilot.place))
  }
}

extension Business {
  func channel(of material: String) -> String {
    materials.all.first { $0.id == material }?.channel ?? channel
  }
}
