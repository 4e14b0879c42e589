import AttuneModel

/// Ids of reservations that are asked for or settled in one step, and users who are erased in it.
struct ReservationIDs: Sendable {
  private enum Owner: Hashable {
    case one(ReservationOwner)
    case several
  }

  private var owners: [UInt64: Owner] = [:]
  private var erased: Set<ReservationOwner> = []

  /// Whether what is noted here decides who has the id that an input asks for.
  func leavesOpen(_ input: Input, _ known: ReservationOwners) -> Bool {
    guard case .reserve(let reservation) = input, !(owners.isEmpty && erased.isEmpty) else { return false }
    let id = Reservation.number(of: reservation.id)
    let user = ReservationOwner(reservation.user)
    if let owner = owners[id], owner != .one(user) { return true }
    return known[id].map { $0 != user && erased.contains($0) } ?? false
  }

  mutating func note(_ input: Input) {
    switch input {
    case .reserve(let reservation): note(reservation.id, reservation.user)
    case .settleReservation(let settlement): note(settlement.id, settlement.user)
    case .erase(let user), .eraseFatigue(let user): erased.insert(ReservationOwner(user))
    default: break
    }
  }

  private mutating func note(_ id: String, _ user: String) {
    let owner = Owner.one(ReservationOwner(user))
    let id = Reservation.number(of: id)
    if owners.updateValue(owner, forKey: id).map({ $0 != owner }) == true { owners[id] = .several }
  }
}
