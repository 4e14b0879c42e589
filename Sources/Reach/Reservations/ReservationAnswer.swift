public import AttuneModel
public import Fatigue

/// What a reservation was told.
public struct ReservationAnswer: Hashable, Sendable {
  /// The instant it was judged at.
  public var at: Instant
  /// Of its business, by the policy that judged it; empty where the policy does not have it.
  public var scene: String
  public var ruling: Ruling

  public enum Ruling: Hashable, Sendable {
    case verdict(FatigueVerdict)
    case unknownBusiness
    /// The id names a reservation of another user or business.
    case conflict
    /// The engine has no table of the zone it names.
    case unknownZone
  }

  public init(at: Instant, scene: String = "", ruling: Ruling) {
    self.at = at
    self.scene = scene
    self.ruling = ruling
  }

  public var passes: Bool {
    if case .verdict(let verdict) = ruling { verdict.passes } else { false }
  }

  /// The verdict, or why there is none, in words that name what `reservation` asked for.
  public func result(for reservation: Reservation) -> Result<FatigueVerdict, FatigueError> {
    switch ruling {
    case .verdict(let verdict): .success(verdict)
    case .unknownBusiness: .failure(.unknownBusiness(reservation.business))
    case .conflict: .failure(.conflict)
    case .unknownZone: .failure(.unknownZone(reservation.zone ?? ""))
    }
  }

  /// The answer as a timeline shows it. It is not stored: request and answer say all of it.
  public func trace(of reservation: Reservation) -> Trace {
    var trace = Trace(
      id: .reservation(reservation.id), at: at, user: reservation.user, scene: scene, business: reservation.business,
      origin: .reservation, matched: at, outcome: passes ? .reserved : .refused)
    switch result(for: reservation) {
    case .success(let verdict):
      trace.obstacle = verdict.reason.map { .fatigue($0) }
      trace.reason = verdict.reason?.rawValue
      trace.next = verdict.next
      trace.checks = verdict.checks
    case .failure(let error):
      trace.obstacle = .fatigue(nil)
      trace.reason = error.description
      trace.checks = [Trace.Check(.fatigue(nil), passed: false, reason: error.description)]
    }
    return trace
  }
}
