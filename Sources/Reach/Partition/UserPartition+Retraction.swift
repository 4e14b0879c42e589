import AttuneModel
import Rules

// A late event showed that an absence should not have fired. What it proposed and was not sent yet is taken back; what
// was sent stays sent, and stays counted.
extension UserPartition {
  mutating func retract(_ match: Match, at: Instant, _ step: inout StepInProgress) {
    var isFound = false
    for id in stream.takeBack(match) {
      if let candidate = deferral(id, step.recorded) {
        isFound = true
        takeBack(candidate, .deferred, at: at, &step)
      } else if let message = outgoing[id] {
        isFound = true
        let isOpen = message.settled == nil
        // Whoever takes messages out of the outbox says, by settling it, whether it was in time; only that makes room.
        if isOpen { step.effects.withdrawn.append(id) }
        let origin = Origin.match(rule: match.rule, version: match.version)
        let candidate = Candidate(message, id, origin, matched: match.at)
        takeBack(candidate, isOpen ? .unsettled : .settled, at: at, &step)
      }
    }
    if !isFound { step.count(.retracted, at: at, source: .rule(match.rule)) }
  }

  /// A campaign was stopped, and what of it has not gone out is to be taken back.
  mutating func recall(_ campaign: String, at: Instant, _ step: inout StepInProgress) {
    for id in outgoing.unsettled {
      guard let message = outgoing[id], message.business == campaign else { continue }
      step.effects.withdrawn.append(id)
      takeBack(Candidate(message, id, .campaign, matched: at), .recalled, at: at, &step)
    }
  }

  /// Takes a candidate out of those put off; in a recovery, only if that happened.
  private mutating func deferral(_ id: CandidateID, _ recorded: RecordedDecisions?) -> Candidate? {
    if recorded?.takesBack(id) == false { return nil }
    return reaches.takeBack(id)
  }

  private func takeBack(_ candidate: Candidate, _ found: Ending.Found, at: Instant, _ step: inout StepInProgress) {
    if step.recorded != nil {
      _ = step.recorded?.next(for: candidate)
      return
    }
    let message = outgoing[candidate.id]
    let scene = step.configuration.businesses[candidate.business]?.scene ?? message?.scene ?? ""
    var ending = Ending(candidate, at: at, scene: scene)
    ending.outcome = .retracted(found, material: message?.material)
    _ = step.tell(ending)
  }
}

extension Candidate {
  /// What became a message, as far as that is remembered.
  fileprivate init(_ message: SentMessages.Sent, _ id: CandidateID, _ origin: Origin, matched: Instant) {
    self.init(
      id: id, user: message.user, business: message.business, priority: 0, origin: origin, matched: matched, emit: [])
  }
}
