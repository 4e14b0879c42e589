public import AttuneModel
public import Codec

/// Candidates of somebody else's sender: `{"id", "user", "business", "zone"?, "at"?}`.
///
/// | member | |
/// |---|---|
/// | `user` | required; text or an integer, which becomes its digits |
/// | `id` | likewise; where nothing is counted it may be missing, and is empty |
/// | `business` | required; text |
/// | `zone` | IANA name; whether there is such a zone is not looked up |
/// | `at` | RFC 3339 with its offset, or epoch milliseconds |
public struct ReservationDecoder: Sendable {
  public let limits: Limits
  private let needsID: Bool
  private let others: UnknownMembers

  /// - Parameter others: what becomes of other members.
  public init(limits: Limits = .reservations, needsID: Bool = true, others: UnknownMembers = .leftAlone) {
    self.limits = limits
    self.needsID = needsID
    self.others = others
  }

  /// A result for each item of the body, as `EventDecoder.decode` gives them, and whether it was a single one.
  /// - Parameter now: The clock: `at` may be ahead of it by `Limits.skew` at most, and not so early that it must be in
  ///   seconds. Nil for files, where any instant of 64 bits is taken.
  public func decode(_ body: some Collection<UInt8>, as format: Format, now: Instant?) -> Body<Reservation> {
    reader(now).decode(body, as: format)
  }

  /// Exactly one candidate.
  public func decode(line: some Collection<UInt8>, now: Instant?) -> Result<Reservation, Refusal> {
    reader(now).decode(line: line)
  }

  private func reader(_ now: Instant?) -> ItemReader<Reservation> {
    ItemReader(limits: limits, id: ReservationMembers.id) { scanner throws(Refusal) in
      try ReservationMembers(
        from: &scanner, "a candidate", limits: limits, now: now,
        known: others == .refused ? ReservationMembers.ofReservation : nil
      ).reservation(needsID: needsID)
    }
  }
}

/// How reservations ended: `{"id", "user", "settle": "commit" | "release" | "unknown"}`.
public struct SettlementDecoder: Sendable {
  public let limits: Limits
  private let others: UnknownMembers

  /// - Parameter others: what becomes of other members.
  public init(limits: Limits = .reservations, others: UnknownMembers = .leftAlone) {
    self.limits = limits
    self.others = others
  }

  /// A result for each item of the body, as `EventDecoder.decode` gives them, and whether it was a single one.
  public func decode(_ body: some Collection<UInt8>, as format: Format) -> Body<ReservationSettlement> {
    reader.decode(body, as: format)
  }

  /// Exactly one settlement.
  public func decode(line: some Collection<UInt8>) -> Result<ReservationSettlement, Refusal> {
    reader.decode(line: line)
  }

  private var reader: ItemReader<ReservationSettlement> {
    ItemReader(limits: limits, id: ReservationMembers.id) { scanner throws(Refusal) in
      try ReservationMembers(
        from: &scanner, "a settlement", limits: limits, now: nil,
        known: others == .refused ? ReservationMembers.ofSettlement : nil
      ).settlement()
    }
  }
}
