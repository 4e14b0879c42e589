import AttuneModel
import Fatigue

// What other teams ask.
extension UserPartition {
  mutating func take(
    _ reservation: Reservation, _ input: RoutedInput, _ step: inout StepInProgress
  ) -> Acknowledgement {
    let zone = zone(of: reservation, step.context)
    if let recorded = step.context.answers {
      if input.reservation < recorded.count {
        reaches.record(recorded[input.reservation], to: reservation, in: zone)
      }
      return .accepted
    }
    let answer = reaches.answer(
      reservation, isTaken: input.isTaken, in: zone, at: reservation.at ?? input.clock)
    step.answer(input, reservation.business, answer)
    if case .verdict = answer.ruling { return .accepted }
    return .refused
  }

  mutating func take(
    _ settlement: ReservationSettlement, _ input: RoutedInput, _ step: inout StepInProgress
  ) -> Acknowledgement {
    guard let (business, scene) = reaches.settle(settlement) else { return .duplicate }
    step.count(settlement.settlement, business, scene: scene, input)
    return .accepted
  }

  /// Many reservations of a batch wait for memory together.
  func prepare(for items: ArraySlice<RoutedInput>, _ inputs: [Input]) {
    if items.count < 2 { return }
    var users: [String] = []
    for item in items {
      switch inputs[item.position] {
      case .reserve(let reservation): users.append(reservation.user)
      case .settleReservation(let settlement): users.append(settlement.user)
      default: break
      }
    }
    reaches.prepare(for: users)
  }

  /// The zone it names, else the user's, else the policy's. Nil: there is no table of the one it names.
  private func zone(of reservation: Reservation, _ context: StepContext) -> Zone? {
    guard let name = reservation.zone else { return context.zone(of: profiles[reservation.user] ?? []) }
    return context.zones[name]
  }
}
