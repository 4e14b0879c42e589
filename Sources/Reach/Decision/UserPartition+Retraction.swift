import AttuneModel
import Rules

// A late event showed that an absence should not have fired. What it proposed and was not sent yet is taken back; what
// was sent stays sent, and stays counted.
extension UserPartition {
  mutating func retract(_ match: Match, at: Instant, _ run: inout Run) {
    var isFound = false
    for id in proposals.remove(match) ?? [] {
      if let candidate = deferral(id, &run) {
        isFound = true
        takeBack(candidate, "deferred", at: at, &run)
      } else if let message = sent[id] {
        let candidate = Candidate(
          id: id, user: message.user, business: message.business, priority: 0,
          origin: .match(rule: match.rule, version: match.version), matched: match.at, emit: [])
        isFound = true
        let isOpen = message.settled == nil
        // Whoever takes messages out of the outbox says, by settling it, whether it was in time; only that makes room.
        if isOpen { run.effects.withdrawn.append(id) }
        takeBack(candidate, isOpen ? "unsettled" : "settled", at: at, &run)
      }
    }
    if !isFound { run.count(.retracted, at: at, source: .rule(match.rule)) }
  }

  /// A campaign was stopped, and what of it has not gone out is to be taken back.
  mutating func recall(_ campaign: String, at: Instant, _ run: inout Run) {
    for id in sent.unsettled where sent[id]?.business == campaign {
      guard let message = sent[id] else { continue }
      run.effects.withdrawn.append(id)
      let candidate = Candidate(
        id: id, user: message.user, business: campaign, priority: 0, origin: .campaign, matched: at, emit: [])
      takeBack(candidate, "recalled", at: at, &run)
    }
  }

  /// Takes a candidate out of those put off; in a recovery, only if that happened.
  private mutating func deferral(_ id: CandidateID, _ run: inout Run) -> Candidate? {
    if run.recorded?.takesBack(id) == false { return nil }
    return deferrals.remove(id)
  }

  private mutating func takeBack(_ candidate: Candidate, _ found: String, at: Instant, _ run: inout Run) {
    if run.recorded != nil {
      _ = run.recorded?.next(for: candidate)
      return
    }
    let scene = run.configuration.businesses[candidate.business]?.scene ?? sent[candidate.id]?.scene ?? ""
    run.count(
      .retracted, at: at, source: candidate.origin.source, scene: scene, business: candidate.business, detail: found)
    run.effects.decisions.append(
      Decision(
        candidate: candidate.id, outcome: .retracted, at: at, user: candidate.user, business: candidate.business))
    run.effects.traces.append(
      Trace(
        id: .candidate(candidate.id), at: at, user: candidate.user, scene: scene, business: candidate.business,
        origin: candidate.origin, matched: candidate.matched, outcome: .retracted,
        reason: found, material: sent[candidate.id]?.material))
  }
}
