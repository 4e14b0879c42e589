public import Model

/// Fatigue control 2.0: user, scene and business, in windows that open at the first reach. The state of any number of
/// users, as a value.
///
/// A user's instants need not ascend; a call at an instant before the last `expire` is the only one that can tell what
/// was swept.
public struct Fatigue: FatigueControl {
  public var policy: FatiguePolicy
  var users: [String: Ledger] = [:]
  var names = Names()

  public init(policy: FatiguePolicy) { self.policy = policy }

  public func check(
    user: String, business: String, zone: Zone?, at instant: Instant
  ) throws(FatigueError) -> FatigueVerdict {
    let candidate = try candidate(business, zone, instant)
    return (users[user] ?? Ledger()).verdict(on: candidate)
  }

  public mutating func reserve(
    id: UInt64, user: String, business: String, zone: Zone?, at instant: Instant
  ) throws(FatigueError) -> FatigueVerdict {
    let candidate = try candidate(business, zone, instant)
    if let ledger = users[user], ledger.remembers(id, at: instant) {
      return ledger.verdict(onRepeated: id, candidate)
    }
    let verdict = (users[user] ?? Ledger()).verdict(on: candidate)
    if verdict.passes { add(id, user, business, candidate) }
    return verdict
  }

  /// Counts a reach that was decided earlier, whatever the limits say: what `reserve` does after a verdict that passed.
  ///
  /// - Throws: `unknownBusiness` when the policy does not have it.
  public mutating func record(
    id: UInt64, user: String, business: String, zone: Zone?, at instant: Instant
  ) throws(FatigueError) {
    let candidate = try candidate(business, zone, instant)
    if users[user]?.remembers(id, at: instant) != true { add(id, user, business, candidate) }
  }

  @discardableResult
  public mutating func settle(id: UInt64, user: String, as settlement: FatigueSettlement) -> Bool {
    guard let index = users.index(forKey: user) else { return false }
    return users.values[index].settle(id, as: settlement)
  }

  public mutating func expire(before instant: Instant) {
    var empty: [String] = []
    var index = users.startIndex
    while index != users.endIndex {
      users.values[index].expire(before: instant)
      if users.values[index].isEmpty { empty.append(users.keys[index]) }
      users.formIndex(after: &index)
    }
    for user in empty { users[user] = nil }
  }

  private func candidate(
    _ business: String, _ zone: Zone?, _ instant: Instant
  ) throws(FatigueError) -> Candidate {
    guard let limit = policy.businesses[business] else { throw FatigueError.unknownBusiness(business) }
    return Candidate(
      at: instant, zone: zone ?? policy.zone, user: policy.user, scene: policy.scenes[limit.scene], business: limit,
      businessName: names[business], sceneName: names[limit.scene])
  }

  private mutating func add(_ id: UInt64, _ user: String, _ business: String, _ candidate: Candidate) {
    guard candidate.business.counts else { return }
    users[user, default: Ledger()].add(
      id, candidate, business: names.intern(business), scene: names.intern(candidate.business.scene))
  }
}
