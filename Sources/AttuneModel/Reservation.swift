/// A candidate of somebody else's sender: may this user be reached now? Counted when it passes.
public struct Reservation: Hashable, Sendable {
  /// The sender's own name for it; the same id again changes nothing.
  public var id: String
  public var user: String
  /// In whose name the user would be reached.
  public var business: String
  /// IANA name of the zone whose calendar day counts; nil for the user's, or the policy's.
  public var zone: String?
  /// Nil: when it arrives.
  public var at: Instant?

  public init(id: String, user: String, business: String, zone: String? = nil, at: Instant? = nil) {
    self.id = id
    self.user = user
    self.business = business
    self.zone = zone
    self.at = at
  }

  /// What its id is to the fatigue state.
  public static func number(of id: String) -> UInt64 { StableHash.of(id).value() }
}

/// How a reservation ended, as its sender tells it.
public struct ReservationSettlement: Hashable, Sendable {
  public var id: String
  public var user: String
  public var settlement: FatigueSettlement

  public init(id: String, user: String, settlement: FatigueSettlement) {
    self.id = id
    self.user = user
    self.settlement = settlement
  }
}

/// How a counted reach ended, as `FatigueControl.settle` takes it.
public enum FatigueSettlement: UInt8, Sendable, CaseIterable {
  /// The provider took it: it stands, at the instant of its reservation.
  case commit = 0
  /// Definitely failed, or withdrawn: it no longer counts.
  case release = 1
  /// No answer: it stays counted until one of the others is told.
  case unknown = 2
}
