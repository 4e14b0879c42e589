public import AttuneModel
import Fatigue

/// How often the users of a partition were reached, by whom ever, and who waits to be.
struct Reaches: Sendable {
  private(set) var fatigue = FatigueTracker(policy: .nobody)
  private var deferrals = Deferrals()

  /// Candidates that were put off.
  var pending: Int { deferrals.count }
  /// When the next of them wakes.
  var nextWaking: Instant { deferrals.first ?? .distantFuture }

  mutating func adopt(_ policy: FatiguePolicy) { fatigue.policy = policy }

  /// Counts a candidate, if every dimension lets it pass.
  mutating func reserve(
    _ candidate: Candidate, in zone: Zone, at instant: Instant
  ) throws(FatigueError) -> FatigueVerdict {
    try fatigue.reserve(
      id: candidate.id.rawValue, user: candidate.user, business: candidate.business, zone: zone, at: instant)
  }

  /// Recovery: what was sent is counted, whatever the limits say today.
  mutating func record(_ decision: Decision, in zone: Zone) {
    try? fatigue.record(
      id: decision.candidate.rawValue, user: decision.user, business: decision.business, zone: zone, at: decision.at)
  }

  mutating func settle(_ settlement: Settlement, of user: String) {
    _ = fatigue.settle(id: settlement.message.rawValue, user: user, as: settlement.outcome.meaning)
  }

  mutating func putOff(_ candidate: Candidate, until: Instant) { deferrals.insert(candidate, until: until) }

  /// The next one to be decided about again.
  mutating func wake() -> Candidate? { deferrals.popFirst() }

  mutating func takeBack(_ id: CandidateID) -> Candidate? { deferrals.remove(id) }

  mutating func forgetReaches(of user: String) { fatigue.erase(user: user) }

  /// - Returns: those that were put off, in the order of their ids.
  mutating func erase(_ user: String) -> [Candidate] {
    fatigue.erase(user: user)
    return deferrals.erase(user: user)
  }

  mutating func sweep(before frontier: Instant) { fatigue.expire(before: frontier) }
}

// What other teams ask. Their reaches and the engine's own count against the same limits.
extension Reaches {
  /// Many users wait for memory together.
  func prepare(for users: [String]) {
    if users.count > 1 { fatigue.prepare(for: users[...]) }
  }

  /// - Parameter isTaken: its id names a reservation of another user.
  mutating func answer(
    _ reservation: Reservation, isTaken: Bool, in zone: Zone?, at instant: Instant
  ) -> ReservationAnswer {
    ReservationAnswer(judging: reservation, isTaken: isTaken, by: &fatigue, in: zone, at: instant)
  }

  /// Recovery: what passed is counted, what was refused is not, whatever the limits say today.
  mutating func record(_ answer: ReservationAnswer, to reservation: Reservation, in zone: Zone?) {
    answer.record(reservation, by: &fatigue, in: zone)
  }

  /// - Returns: whose reservation it was; nil if that changed nothing.
  mutating func settle(_ settlement: ReservationSettlement) -> (business: String, scene: String)? {
    let id = Reservation.number(of: settlement.id)
    let business = fatigue.business(of: id, user: settlement.user)
    guard fatigue.settle(id: id, user: settlement.user, as: settlement.settlement), let business else { return nil }
    return (business, fatigue.policy.businesses[business]?.scene ?? "")
  }
}

extension Settlement.Outcome {
  /// What fatigue makes of it.
  public var meaning: FatigueSettlement {
    switch self {
    case .accepted: .commit
    case .failed, .withdrawn: .release
    case .unknown: .unknown
    }
  }
}

extension Reaches: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(deferrals)
    writer.write(fatigue)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    deferrals = try reader.read()
    fatigue = try reader.read()
  }
}
