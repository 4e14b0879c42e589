import AttuneModel
import Fatigue

// An id names one reservation, of whichever user: the only thing about reservations that no partition can see alone.
extension Engine {
  /// Whether an id names a reservation of another user.
  func isTaken(_ id: UInt64, from user: ReservationOwner, at instant: Instant) -> Bool {
    guard let owner = owners[id], owner != user else { return false }
    // What is over by now does not come back for an instant of long ago: it may be swept.
    return stands(id, owner, at: max(instant, time.frontier))
  }

  private func stands(_ id: UInt64, _ owner: ReservationOwner, at instant: Instant) -> Bool {
    partitions[owner.partition].reaches.fatigue.stands(id: id, userWith: owner.mark, at: instant)
  }

  /// - Returns: whether its id names a reservation of another user.
  func take(_ reservation: Reservation, _ progress: inout BatchInProgress) -> Bool {
    let id = Reservation.number(of: reservation.id)
    let user = ReservationOwner(reservation.user)
    if isTaken(id, from: user, at: reservation.at ?? time.clock) { return true }
    progress.ask(id, user)
    return false
  }

  /// Notes whose reservations passed in the last step.
  mutating func noteOwners(_ progress: inout BatchInProgress) {
    for (id, user) in progress.takeGranted() { owners[id] = user }
    guard progress.isFinished else { return }
    var owners = owners
    self.owners = ReservationOwners()
    owners.sweep(at: time.frontier) { !stands($0, $1, at: time.frontier) }
    self.owners = owners
  }
}

extension ReservationOwners {
  /// What a checkpoint's partitions hold.
  init(of partitions: [UserPartition]) {
    var latest: [UInt64: Instant] = [:]
    self.init()
    for partition in partitions {
      partition.reaches.fatigue.reservations { id, mark, at in
        // Two users may have had an id one after the other, and both be in memory.
        if let other = latest[id], other > at { return }
        latest[id] = at
        self[id] = ReservationOwner(partition: partition.index, mark)
      }
    }
  }
}
