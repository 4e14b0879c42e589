import AttuneModel
import Learning

/// Who of a partition's users is in which campaign's audience, and what the partition may spend on them.
struct Seats: Sendable {
  /// Of campaigns that are being gathered, or run, or whose goals are still counted.
  private var audiences: [String: Members] = [:]
  /// What may be spent in this step, by business; none where nothing is limited.
  private var leases: [String: Lease] = [:]

  // Audiences.

  /// Users handed in so far, or those of the audience.
  func count(of campaign: String) -> Int { audiences[campaign]?.count ?? 0 }
  func users(of campaign: String) -> [String] { audiences[campaign].map { Array($0.users) } ?? [] }
  /// Those that nobody has decided about.
  func remaining(of campaign: String) -> Int { audiences[campaign]?.remaining ?? 0 }
  /// Those put off.
  func deferred(of campaign: String) -> Int { audiences[campaign]?.deferred ?? 0 }
  func upcoming(of campaign: String, _ count: Int) -> [String] { audiences[campaign]?.upcoming(count) ?? [] }

  /// False once the campaign has begun.
  mutating func gather(_ users: some Sequence<String>, for campaign: String) -> Bool {
    guard audiences[campaign]?.isSealed != true else { return false }
    for user in users { audiences[campaign, default: Members()].append(user) }
    return true
  }

  /// The audience is complete: `users`, or those handed in if nil.
  /// - Returns: how many there are, how many of them are left out, and how many were named more than once.
  mutating func seal(
    _ campaign: Campaign, _ users: (some Sequence<String>)?, at now: Instant
  ) -> (count: Int, heldOut: Int, duplicates: Int) {
    var members = audiences[campaign.name] ?? Members()
    if let users {
      members = Members()
      for user in users { members.append(user) }
    }
    let duplicates = members.seal(for: campaign.name, at: now)
    audiences[campaign.name] = members
    let heldOut = campaign.slices.map { slices in members.users.count { slices.slice(of: $0) == .holdout } }
    return (members.count, heldOut ?? 0, duplicates)
  }

  /// The next one that nobody has decided about; each once.
  mutating func next(of campaign: String, at now: Instant) -> String? { audiences[campaign]?.next(at: now) }

  /// A decision of the journal that this build would not have asked for.
  mutating func take(_ user: String, of campaign: String, at now: Instant) {
    audiences[campaign]?.take(user, campaign, at: now)
  }

  mutating func putOff(of campaign: String) { audiences[campaign]?.deferred += 1 }
  mutating func wake(of campaign: String) { audiences[campaign]?.deferred -= 1 }

  /// Whether a user reached the goal for the first time, soon enough.
  mutating func reachGoal(_ user: String, of campaign: String, at instant: Instant, within span: TimeSpan) -> Bool {
    audiences[campaign]?.reachGoal(user, campaign, at: instant, within: span) == true
  }

  mutating func drop(_ campaign: String) { audiences[campaign] = nil }

  /// - Returns: campaigns that nobody had decided about the user for, nor will.
  mutating func erase(_ user: String) -> [String] {
    audiences.keys.sorted().filter { audiences[$0]?.erase(user, $0) == true }
  }

  /// Of campaigns that nobody will ask for any more.
  mutating func drop(_ forgotten: Set<String>) {
    for campaign in audiences.keys where forgotten.contains(campaign) { audiences[campaign] = nil }
  }

  // Leases.

  func lease(of business: String) -> Lease? { leases[business] }

  mutating func lend(_ leases: [String: Lease]) { self.leases = leases }

  /// What is left, by business in alphabetical order.
  mutating func handBack() -> [(business: String, lease: Lease)] {
    defer { leases = [:] }
    return leases.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Nothing could be sent.
  mutating func miss(of business: String) { leases[business]?.miss() }

  /// A user came, and got a copy, or nothing because none was worth it.
  mutating func spend(of business: String, _ scored: ScoredCopies, copy: Int?) {
    leases[business]?.observe(scored.costs, context: scored.context, sent: copy)
  }
}

extension Seats: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(UInt64(audiences.count))
    for (campaign, members) in audiences.sorted(by: { $0.key < $1.key }) {
      writer.write(campaign)
      writer.write(members)
    }
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    for _ in 0..<(try reader.read() as UInt64) {
      let campaign: String = try reader.read()
      audiences[campaign] = try reader.read() as Members
    }
  }
}
