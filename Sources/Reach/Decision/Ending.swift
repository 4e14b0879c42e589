import AttuneModel
import Materials

/// How one decision ended. Its trace, its count and its record are made of it, each in one place, so that they cannot
/// disagree; the lesson follows from the record, so that a recovery learns the same.
struct Ending: Sendable {
  let candidate: Candidate
  let at: Instant
  /// Of its business; empty where there is none.
  var scene: String
  /// Every answer given, in order.
  var checks: [Trace.Check] = []
  /// What is said, or would have been but for fatigue.
  var pick: Pick?
  /// What nothing stops is sent.
  var outcome = Outcome.sent
  /// What a refusal kept from the user, where that is learned from.
  var cost: RefusalCost?

  enum Outcome: Sendable {
    case sent
    case refused(Reason)
    case deferred(Reason, until: Instant)
    /// Taken back after it was decided, when it was found like this; with the copy that was sent.
    case retracted(Found, material: String?)
  }

  /// What stands in the way.
  struct Reason: Sendable {
    var obstacle: Obstacle
    /// Its words, or the dimension of fatigue.
    var words: String?
    /// When it could pass.
    var next: Instant?
  }

  /// How far a candidate was when it was taken back.
  enum Found: String, Sendable {
    case deferred, unsettled, settled
    /// Its campaign is taken back as a whole.
    case recalled
  }

  init(_ candidate: Candidate, at: Instant, scene: String) {
    self.candidate = candidate
    self.at = at
    self.scene = scene
  }

  var isSent: Bool { if case .sent = outcome { true } else { false } }

  mutating func refuse(_ obstacle: Obstacle, _ words: String, next: Instant? = nil) {
    checks.append(Trace.Check(obstacle, passed: false, reason: words, next: next))
    refuseByLastCheck()
  }

  mutating func refuseByLastCheck() {
    guard let check = checks.last else { return }
    outcome = .refused(Reason(obstacle: check.obstacle, words: check.reason, next: check.next))
  }

  /// It is tried again.
  mutating func putOff(_ obstacle: Obstacle, _ words: String, until: Instant) {
    checks.append(Trace.Check(obstacle, passed: false, reason: words, next: until))
    outcome = .deferred(Reason(obstacle: obstacle, words: words, next: until), until: until)
  }
}

extension Ending {
  /// What stood in the way, if anything did.
  private var reason: Reason? {
    switch outcome {
    case .refused(let reason), .deferred(let reason, _): reason
    case .sent, .retracted: nil
    }
  }

  var trace: Trace {
    var trace = Trace(
      id: .candidate(candidate.id), at: at, user: candidate.user, scene: scene, business: candidate.business,
      origin: candidate.origin, matched: candidate.matched, outcome: .sent, obstacle: reason?.obstacle,
      reason: reason?.words, next: reason?.next, material: pick?.wording.material, choice: pick?.wording.how,
      checks: checks)
    switch outcome {
    case .sent: break
    case .refused: trace.outcome = .refused
    case .deferred: trace.outcome = .deferred
    case .retracted(let found, let material):
      trace.outcome = .retracted
      trace.reason = found.rawValue
      trace.material = material
    }
    return trace
  }

  /// - Parameter day: of the instant, in the policy's zone.
  func count(on day: Int64) -> Tally.Key {
    let (stage, detail): (Tally.Stage, String) =
      switch outcome {
      case .sent: (.sent, pick?.wording.material ?? "")
      case .refused(let reason): (.refused, reason.obstacle.name)
      case .deferred(let reason, _): (.deferred, reason.obstacle.name)
      case .retracted(let found, _): (.retracted, found.rawValue)
      }
    return Tally.Key(
      day: day, stage: stage, source: candidate.origin.source, scene: scene, business: candidate.business,
      detail: detail)
  }

  var decision: Decision {
    var decision = Decision(
      candidate: candidate.id, outcome: .sent, at: at, user: candidate.user, business: candidate.business, cost: cost)
    switch outcome {
    case .sent:
      decision.material = pick?.wording.material
      decision.manner = pick?.isQuiet == true ? .quiet : .plain
    case .refused(let reason):
      decision.outcome = .refused
      decision.manner = reason.obstacle == .choice ? .held : .plain
    case .deferred(_, let until):
      decision.outcome = .deferred
      decision.until = until
    case .retracted: decision.outcome = .retracted
    }
    return decision
  }

  /// What goes to the user; nil unless it is sent.
  func message(from business: Business) -> Message? {
    guard isSent, let pick else { return nil }
    return Message(
      id: candidate.id, user: candidate.user, business: business.name, channel: pick.channel,
      title: pick.wording.title, body: pick.wording.body, data: candidate.emit, material: pick.wording.material,
      at: at, expires: business.expires.map { candidate.matched + $0 }, whenUnknown: business.whenUnknown,
      isQuiet: pick.isQuiet, class: business.class, priority: business.priority)
  }
}
