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

  /// Only frees memory, a part each minute, so that nobody waits for all of it.
  mutating func sweep(at frontier: Instant, where isOver: (UInt64, ReservationOwner) -> Bool) {
    let minute = floorDivide(frontier.milliseconds, 60_000)
    guard minute > sweptMinute, frontier > .distantPast else { return }
    sweptMinute = minute
    let shard = Int(minute - floorDivide(minute, Int64(Partition.count)) * Int64(Partition.count))
    shards[shard] = shards[shard].filter { !isOver($0.key, $0.value) }
  }
}
