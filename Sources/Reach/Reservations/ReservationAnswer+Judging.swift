import AttuneModel
import Fatigue

extension ReservationAnswer {
  /// Asks fatigue, which counts the reservation if it passes.
  /// - Parameters:
  ///   - isTaken: its id names a reservation of another user.
  ///   - zone: nil where there is no table of the one it names.
  init(
    judging reservation: Reservation, isTaken: Bool, by fatigue: inout FatigueTracker, in zone: Zone?,
    at instant: Instant
  ) {
    self.init(at: instant, ruling: .unknownBusiness)
    guard let limit = fatigue.policy.businesses[reservation.business] else { return }
    scene = limit.scene
    guard let zone else {
      ruling = .unknownZone
      return
    }
    if isTaken {
      ruling = .conflict
      return
    }
    do {
      ruling = .verdict(
        try fatigue.reserve(
          id: Reservation.number(of: reservation.id), user: reservation.user, business: reservation.business,
          zone: zone, at: instant))
    } catch {
      ruling = error.code == .conflict ? .conflict : .unknownBusiness
    }
  }

  /// Counts what passed, whatever the limits say today.
  func record(_ reservation: Reservation, by fatigue: inout FatigueTracker, in zone: Zone?) {
    guard passes, let zone else { return }
    try? fatigue.record(
      id: Reservation.number(of: reservation.id), user: reservation.user, business: reservation.business, zone: zone,
      at: at)
  }
}
