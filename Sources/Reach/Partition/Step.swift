import AttuneModel
import Learning
import Rules

/// What all partitions do next, at once: those of keys, then those of users.
struct Step: Sendable {
  let context: StepContext
  /// By partition of users; within one, in the order of arrival.
  let items: Deal<RoutedInput>
  /// Likewise by partition of keys; nil without rules across users.
  let keyItems: Deal<RoutedInput>?
  /// What the partitions of keys found, by the addressee's partition; nil if nothing.
  var referrals: Deal<Referral>?
  /// What campaigns take up; on a batch's last step.
  var waves: [Wave] = []
  /// By business, what each partition may spend.
  var leases: [String: [Lease]] = [:]
  /// Campaigns that are taken back, as far as they have not gone out.
  var recalls: [String] = []

  func leases(of partition: Int) -> [String: Lease] {
    leases.isEmpty ? [:] : leases.mapValues { $0[partition] }
  }
}

/// Things dealt out to partitions, each partition's in the order in which they came.
struct Deal<Thing: Sendable>: Sendable {
  private var things: [Thing]
  /// Where each partition's begin, and the end.
  private var starts: [Int]

  init(_ arrived: [Thing], by partition: (Thing) -> Int) {
    things = arrived
    starts = Array(repeating: 0, count: Partition.count + 1)
    for thing in arrived { starts[partition(thing) + 1] += 1 }
    for index in 1...Partition.count { starts[index] += starts[index - 1] }
    var places = starts
    for thing in arrived {
      things[places[partition(thing)]] = thing
      places[partition(thing)] += 1
    }
  }

  subscript(partition: Int) -> ArraySlice<Thing> { things[starts[partition]..<starts[partition + 1]] }
}

/// A match across users, on its way from its key's partition to its addressee's.
struct Referral: Sendable {
  /// The last input its partition had taken in when it came about; -1 before the first of the batch.
  var position: Int
  /// How far time had passed when that input arrived.
  var frontier: Instant
  /// The hour it was when it arrived.
  var clock: Instant
  /// The partition it comes from, and how many it had sent in this step before.
  var shard: Int
  var number: Int
  var match: Match
  /// When it came about; later than the match's instant if that was held back.
  var at: Instant
  /// A match of earlier, which a late event would have prevented.
  var isRetraction: Bool

  var addressee: Int { Partition.of(user: match.user) }
}
