import AttuneModel
import Fatigue

// What other teams ask. Their reaches and the engine's own count against the same limits.
extension UserPartition {
  mutating func take(_ reservation: Reservation, _ item: Item, _ run: inout Run) -> Acknowledgement {
    if let recorded = run.surroundings.answers {
      if item.reservation < recorded.count {
        repeatAnswer(recorded[item.reservation], to: reservation, run.surroundings)
      }
      return .accepted
    }
    let answer = judge(reservation, at: reservation.at ?? item.clock, run.surroundings)
    run.answer(item, reservation.business, answer)
    if case .verdict = answer.ruling { return .accepted }
    return .refused
  }

  mutating func take(_ settlement: ReservationSettlement, _ item: Item, _ run: inout Run) -> Acknowledgement {
    let id = Reservation.number(of: settlement.id)
    let business = fatigue.business(of: id, user: settlement.user)
    guard fatigue.settle(id: id, user: settlement.user, as: settlement.settlement), let business else {
      return .duplicate
    }
    run.count(settlement.settlement, business, scene: fatigue.policy.businesses[business]?.scene ?? "", item)
    return .accepted
  }

  /// Many reservations of a batch wait for memory together.
  func prepare(for items: ArraySlice<Item>, _ inputs: [Input]) {
    if items.count < 2 { return }
    var users: [String] = []
    for item in items {
      switch inputs[item.position] {
      case .reserve(let reservation): users.append(reservation.user)
      case .settleReservation(let settlement): users.append(settlement.user)
      default: break
      }
    }
    if users.count > 1 { fatigue.prepare(for: users[...]) }
  }

  private mutating func judge(
    _ reservation: Reservation, at: Instant, _ surroundings: Surroundings
  ) -> ReservationAnswer {
    guard let limit = fatigue.policy.businesses[reservation.business] else {
      return ReservationAnswer(at: at, ruling: .unknownBusiness)
    }
    var answer = ReservationAnswer(at: at, scene: limit.scene, ruling: .unknownZone)
    guard let zone = zone(of: reservation, surroundings) else { return answer }
    do {
      answer.ruling = .verdict(
        try fatigue.reserve(
          id: Reservation.number(of: reservation.id), user: reservation.user, business: reservation.business,
          zone: zone, at: at))
    } catch {
      answer.ruling = .unknownBusiness
    }
    return answer
  }

  /// Recovery: what passed is counted, what was refused is not, whatever the limits say today.
  private mutating func repeatAnswer(
    _ answer: ReservationAnswer, to reservation: Reservation, _ surroundings: Surroundings
  ) {
    guard answer.passes, let zone = zone(of: reservation, surroundings) else { return }
    try? fatigue.record(
      id: Reservation.number(of: reservation.id), user: reservation.user, business: reservation.business, zone: zone,
      at: answer.at)
  }

  /// The zone it names, else the user's, else the policy's. Nil: there is no table of the one it names.
  private func zone(of reservation: Reservation, _ surroundings: Surroundings) -> Zone? {
    guard let name = reservation.zone else { return zone(of: reservation.user, surroundings) }
    return surroundings.zones[name]
  }
}
