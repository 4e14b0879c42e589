import AttuneModel

// What an answer means, or that there is none.
extension Lane {
  /// What is known and not yet told.
  private struct Conclusions {
    var settlements: [Settlement] = []
    var retries: [Retry] = []

    /// Retries first: a message that goes back must not wait for the journal.
    func append(to actions: inout [LaneAction]) {
      if !retries.isEmpty { actions.append(.requeue(retries)) }
      if !settlements.isEmpty { actions.append(.settle(settlements)) }
    }
  }

  mutating func answer(
    _ number: UInt64, _ results: [DeliveryResult?], at now: Instant, _ actions: inout [LaneAction]
  ) {
    guard let index = flights.firstIndex(where: { $0.number == number }) else { return }
    let flight = flights.remove(at: index)
    // A channel that answers too little has lost track.
    let answers = flight.claims.indices.map { index in
      (index < results.count ? results[index] : nil) ?? DeliveryResult(.unknown)
    }
    if flight.isOverdue { return mend(flight, answers, at: now, &actions) }
    var conclusions = Conclusions()
    for (claim, answer) in zip(flight.claims, answers) {
      conclude(claim, answer, of: flight, at: now, &conclusions)
    }
    conclusions.append(to: &actions)
    heed(answers, of: flight, at: now, &actions)
  }

  /// Gives up what is without an answer for too long.
  mutating func giveUp(at now: Instant, _ actions: inout [LaneAction]) {
    for index in flights.indices where !flights[index].isOverdue && flights[index].deadline <= now {
      flights[index].isOverdue = true
      let flight = flights[index]
      var conclusions = Conclusions()
      for claim in flight.claims {
        conclude(claim, DeliveryResult(.unknown), of: flight, at: now, &conclusions)
      }
      conclusions.append(to: &actions)
      miss(flight, at: now, &actions)
    }
  }

  /// It comes too late to change what was told, except for the better: it got there after all.
  private func mend(_ flight: Flight, _ answers: [DeliveryResult], at now: Instant, _ actions: inout [LaneAction]) {
    let settlements = zip(flight.claims, answers).compactMap { claim, answer -> Settlement? in
      guard answer.verdict(claim.message.whenUnknown) == .settle(.accepted) else { return nil }
      return settlement(of: claim, as: .accepted, answer, in: flight, at: now)
    }
    if !settlements.isEmpty { actions.append(.settle(settlements)) }
  }

  /// What answers say of the lane itself.
  private mutating func heed(
    _ answers: [DeliveryResult], of flight: Flight, at now: Instant, _ actions: inout [LaneAction]
  ) {
    if answers.contains(where: \.isAnswer) {
      breaker.answer()
    } else if !flight.isRecall {
      miss(flight, at: now, &actions)
    }
    guard let asked = answers.compactMap(\.pause).max(by: { $0.until < $1.until }),
      asked.until > max(now, pause?.until ?? .distantPast)
    else { return }
    pause = asked
    actions.append(.report(LaneTrouble(lane: id, until: asked.until, code: .paused, reason: asked.reason)))
  }

  private mutating func miss(_ flight: Flight, at now: Instant, _ actions: inout [LaneAction]) {
    guard breaker.miss(isOverdue: flight.isOverdue, at: now, &backoff), let until = breaker.until else { return }
    let reason = flight.isOverdue ? "no answer within \(settings.deadline)" : "dispatches end without an answer"
    actions.append(.report(LaneTrouble(lane: id, until: until, code: .silent, reason: reason)))
  }

  private mutating func conclude(
    _ claim: Claim, _ answer: DeliveryResult, of flight: Flight, at now: Instant, _ conclusions: inout Conclusions
  ) {
    let message = claim.message
    switch answer.verdict(message.whenUnknown) {
    case .settle(let outcome):
      conclusions.settlements.append(settlement(of: claim, as: outcome, answer, in: flight, at: now))
    case .again(let after, let doubtful):
      // A crash was ours, so there is no reason to wait longer than a provider asked for.
      let wait = max(after ?? .zero, flight.isRecall ? .zero : backoff.delay(attempts: claim.attempts))
      let due = now + wait
      if let expires = message.expires, due >= expires {
        var settlement = settlement(of: claim, as: doubtful ? .unknown : .failed, answer, in: flight, at: now)
        settlement.code = settlement.code ?? DeliveryCode.expired.name
        conclusions.settlements.append(settlement)
      } else {
        conclusions.retries.append(Retry(message: message.id, notBefore: due, doubtful: doubtful))
      }
    case .paused: conclusions.retries.append(Retry(message: message.id, notBefore: now, isAttempt: false))
    }
  }

  private func settlement(
    of claim: Claim, as outcome: Settlement.Outcome, _ answer: DeliveryResult, in flight: Flight, at now: Instant
  ) -> Settlement {
    var settlement = settlement(of: claim, as: outcome)
    settlement.attempts += 1
    switch outcome {
    case .accepted: settlement.providerID = answer.providerID
    case .failed: settlement.code = answer.code?.name
    case .unknown: settlement.code = flight.isOverdue ? DeliveryCode.deadline.name : nil
    case .withdrawn: break
    }
    // When a message of a crash was handed over, nobody knows any more.
    if !flight.isRecall { settlement.latency = max(.zero, now - flight.started) }
    return settlement
  }

  /// After a try without an answer nobody can say that it was not delivered.
  func settlement(of claim: Claim, as outcome: Settlement.Outcome) -> Settlement {
    let isDoubted = claim.doubtful && outcome != .accepted
    return Settlement(
      message: claim.message.id, outcome: isDoubted ? .unknown : outcome, user: claim.message.user,
      channel: claim.message.channel, attempts: claim.attempts)
  }
}
