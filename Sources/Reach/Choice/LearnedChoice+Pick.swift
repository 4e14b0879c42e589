import AttuneModel
import Learning
import Materials

extension LearnedChoice {
  /// How long a candidate waits for quota that other partitions had.
  private static let leaseWait = TimeSpan.seconds(1)

  /// What each copy is worth to a user now.
  func score(
    _ candidate: Candidate, _ business: Business, _ settings: ChoiceSettings, _ question: FilterQuestion,
    _ exposures: CopyExposures
  ) -> ScoredCopies {
    let lookup = { (name: String) in candidate.value(of: name, question.profile) }
    let context = settings.context(question.profile, question.zone, self, at: question.at)
    var scored = ScoredCopies(
      candidate: candidate.id,
      seed: StableHash.of("choice", business.name, candidate.user, seed: candidate.id.rawValue),
      context: context, scores: learner.scores(for: context))
    let optOuts = annoyance.scores(for: context)
    for material in business.materials.all where material.weight > 0 && material.canFill(lookup) {
      if let place = place(of: material.id) { scored.eligible[place] = true }
    }
    for place in scored.scores.indices {
      scored.annoyances[place] = settings.annoyance * optOuts[place].probability
      if settings.weariness == 0 { continue }
      let seen = exposures.freshness(
        of: copies[place].id, business.name, user: candidate.user, at: question.at, recovery: settings.recovery)
      scored.weariness[place] = weariness.loss(scored.scores[place], freshness: seen)
    }
    return scored
  }

  /// The choice of copy, channel and loudness by the one rule: value, prices, annoyance, weariness.
  /// - Parameters:
  ///   - lease: what the partition holds of the quotas; nil if it was lent nothing.
  ///   - checks: is told what was weighed.
  func pick(
    from scored: ScoredCopies, _ candidate: Candidate, _ business: Business, _ settings: ChoiceSettings,
    _ slice: Slices.Slice, _ lease: Lease?, _ question: FilterQuestion, _ checks: inout [Trace.Check]
  ) -> Result<Pick, NoPick> {
    if !scored.eligible.contains(true) {
      return .failure(.unfillable(NoMaterial(reason: "every copy misses a value of this user")))
    }
    var scored = scored
    if let refusal = restrict(&scored, lease, at: question.at, &checks) { return .failure(refusal) }
    let answer = scored.answer(slice, self, settings, mayHold: lease?.options.mayHold ?? true)
    checks.append(answer.check)
    guard let place = answer.place, let material = business.materials.all.first(where: { $0.id == copies[place].id })
    else { return .failure(.held) }
    return material.fill { candidate.value(of: $0, question.profile) }.map { words in
      Pick(
        wording: Wording(material: material.id, title: words.title, body: words.body, how: answer.reason),
        channel: material.channel ?? business.channel, isQuiet: answer.isQuiet)
    }.mapError { .unfillable(NoMaterial(reason: "'\(material.id)' has \($0)")) }
  }

  /// Takes copies away that the partition holds no quota for.
  private func restrict(
    _ scored: inout ScoredCopies, _ lease: Lease?, at now: Instant, _ checks: inout [Trace.Check]
  ) -> NoPick? {
    guard let options = lease?.options else {
      // Nothing was lent for this step: that is no leave to send without limits.
      return allocator == nil ? nil : .elsewhere(until: now + Self.leaseWait)
    }
    // As it was before it was lent out.
    let all = allocator?.options.copies ?? []
    let isElsewhere = zip(scored.eligible, all).contains { $0 && $1 }
    for place in scored.eligible.indices where !(options.copies.indices.contains(place) && options.copies[place]) {
      scored.eligible[place] = false
    }
    if scored.eligible.contains(true) { return nil }
    if isElsewhere, lease?.isBlind == true {
      checks.append(Trace.Check(.choice, passed: false, reason: "held back until more is known of what it is worth"))
      return .held
    }
    return isElsewhere ? .elsewhere(until: now + Self.leaseWait) : .spent
  }

  /// What a refusal kept from a user.
  func cost(of obstacle: Obstacle, _ scored: ScoredCopies) -> RefusalCost {
    let best = scored.best(self)
    return RefusalCost(obstacle: obstacle, copy: best.map { copies[$0.place].id } ?? "", worth: best?.worth ?? 0)
  }
}
