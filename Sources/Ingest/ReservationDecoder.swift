public import AttuneModel
public import Codec

/// Candidates of somebody else's sender: `{"id", "user", "business", "zone"?, "at"?}`. Other members are left alone.
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

  public init(limits: Limits = .reservations, needsID: Bool = true) {
    self.limits = limits
    self.needsID = needsID
  }

  /// A result for each item of the body, as `EventDecoder.decode` gives them, and whether it was a single one.
  /// - Parameter now: The clock: `at` may be ahead of it by `Limits.skew` at most, and not so early that it must be in
  ///   seconds. Nil for files, where any instant of 64 bits is taken.
  public func decode(_ body: some Collection<UInt8>, as format: Format, now: Instant?) -> Body<Reservation> {
    batch(now).decode(body, as: format)
  }

  /// Exactly one candidate.
  public func decode(line: some Collection<UInt8>, now: Instant?) -> Result<Reservation, Refusal> {
    batch(now).decode(line: line)
  }

  private func batch(_ now: Instant?) -> Batch<Reservation> {
    Batch(limits: limits) { scanner throws(Refusal) in
      try ReservationMembers(from: &scanner, "a candidate", limits: limits, now: now).reservation(needsID: needsID)
    }
  }
}

/// How reservations ended: `{"id", "user", "settle": "commit" | "release" | "unknown"}`. Other members are left alone.
public struct SettlementDecoder: Sendable {
  public let limits: Limits

  public init(limits: Limits = .reservations) { self.limits = limits }

  /// A result for each item of the body, as `EventDecoder.decode` gives them, and whether it was a single one.
  public func decode(_ body: some Collection<UInt8>, as format: Format) -> Body<ReservationSettlement> {
    batch.decode(body, as: format)
  }

  /// Exactly one settlement.
  public func decode(line: some Collection<UInt8>) -> Result<ReservationSettlement, Refusal> {
    batch.decode(line: line)
  }

  private var batch: Batch<ReservationSettlement> {
    Batch(limits: limits) { scanner throws(Refusal) in
      try ReservationMembers(from: &scanner, "a settlement", limits: limits, now: nil).settlement()
    }
  }
}
