import AttuneModel
import Fatigue

/// A user who has reservations: a partition, and a mark there. Few users share both.
struct ReservationOwner: Hashable, Sendable {
  private let bits: UInt64

  init(partition: Int, _ mark: UserMark) { bits = UInt64(partition) << 32 | UInt64(mark.bits) }
  init(_ user: String) { self.init(partition: Partition.of(user: user), UserMark(user)) }

  var partition: Int { Int(bits >> 32) }
  var mark: UserMark { UserMark(bits: UInt32(truncatingIfNeeded: bits)) }
}

/// Who had which reservation last, among all users: an id names one, whoever asks. What is over by now may still be noted,
/// until the next sweep: whether a reservation stands, only its partition knows.
struct ReservationOwners: Sendable {
  private var shards = [[UInt64: ReservationOwner]](repeating: [:], count: Partition.count)
  private var sweptMinute = Int64.min

  subscript(id: UInt64) -> ReservationOwner? {
    get { shards[Int(id % UInt64(Partition.count))][id] }
    set { shards[Int(id % UInt64(Partition.count))][id] = newValue }
  }

  init() {}

  /// What a checkpoint's partitions hold.
  init(of partitions: [UserPartition]) {
    var latest: [UInt64: Instant] = [:]
    for partition in partitions {
      partition.reaches.fatigue.reservations { id, mark, at in
        // Two users may have had an id one after the other, and both be in memory.
        if let other = latest[id], other > at { return }
        latest[id] = at
        self[id] = ReservationOwner(partition: partition.index, mark)
      }
    }
  }

  /// Only frees memory, a part each minute, so that nobody waits for all of it.
  mutating func sweep(at frontier: Instant, where isOver: (UInt64, ReservationOwner) -> Bool) {
    let minute = floorDivide(frontier.milliseconds, 60_000)
    guard minute > sweptMinute, frontier > .distantPast else { return }
    sweptMinute = minute
    let shard = Int(minute - floorDivide(minute, Int64(Partition.count)) * Int64(Partition.count))
    shards[shard] = shards[shard].filter { !isOver($0.key, $0.value) }
  }
}

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
