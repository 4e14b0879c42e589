public import Model

/// Fatigue control: how often users were reached, and whether they may be reached again. The state of any number of
/// users, as a value; the policy is passed in on each call.
///
/// Time comes in with each call. A user's instants need not ascend; a call at an instant before the last `expire` is the
/// only one that can tell what was swept.
public struct Fatigue: Sendable {
  var users: [String: Ledger] = [:]
  var names = Names()

  public init() {}

  /// Whether a reach would pass; counts nothing.
  ///
  /// - Parameter zone: whose calendar day counts; nil for the policy's.
  /// - Throws: `unknownBusiness` when the policy does not have it.
  public func check(
    user: String, business: String, zone: Zone?, at instant: Instant, policy: FatiguePolicy
  ) throws(FatigueError) -> FatigueVerdict {
    let candidate = try candidate(business, zone, instant, policy)
    return (users[user] ?? Ledger()).verdict(on: candidate)
  }

  /// Checks and, when it passes, counts, in one step.
  ///
  /// An id that is already counted, whatever became of it, is not counted again: its verdict passes, and tells the
  /// dimensions as they are without it. An id that was refused, or whose business does not count, is judged anew.
  ///
  /// - Throws: `unknownBusiness` when the policy does not have it.
  public mutating func reserve(
    id: UInt64, user: String, business: String, zone: Zone?, at instant: Instant, policy: FatiguePolicy
  ) throws(FatigueError) -> FatigueVerdict {
    let candidate = try candidate(business, zone, instant, policy)
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
    id: UInt64, user: String, business: String, zone: Zone?, at instant: Instant, policy: FatiguePolicy
  ) throws(FatigueError) {
    let candidate = try candidate(business, zone, instant, policy)
    if users[user]?.remembers(id, at: instant) != true { add(id, user, business, candidate) }
  }

  /// Tells how a reach ended. The first settlement wins, save that `unknown` may still become one of the others.
  ///
  /// - Returns: false when it changed nothing: settled before, forgotten, or never counted.
  @discardableResult
  public mutating func settle(id: UInt64, user: String, as settlement: FatigueSettlement) -> Bool {
    guard let index = users.index(forKey: user) else { return false }
    return users.values[index].settle(id, as: settlement)
  }

  /// Sweeps what is forgotten at an instant. No answer at that instant or later changes by it; it only frees memory.
  /// An id is kept until its day, its windows and its gap have ended; its settlement changes nothing after that.
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
    _ business: String, _ zone: Zone?, _ instant: Instant, _ policy: FatiguePolicy
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

/// How a reach ended.
public enum FatigueSettlement: UInt8, Sendable, CaseIterable {
  /// The provider took it: it stands, at the instant of its reservation.
  case commit = 0
  /// Definitely failed, or withdrawn: it no longer counts.
  case release = 1
  /// No answer: it stays counted until one of the others is told.
  case unknown = 2
}
