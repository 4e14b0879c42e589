public import AttuneModel

/// Fatigue control 1.0, for comparison: the window of the business only, no gap, windows one after another from a fixed
/// origin (docs/fatigue-1-and-2.md). It does not use `policy.user`, the scenes, `minGap` and zones.
///
/// A window is `floor((now - origin) / period)`, with `days` as the period and `policy.origin` as the origin. A counter's
/// key is (user, business, period, window): with another period a business starts anew. An instant before the last one is
/// taken as it is.
public struct FixedWindowFatigue: FatigueControl, Equatable {
  public var policy: FatiguePolicy
  private var users: [String: User] = [:]

  public init(policy: FatiguePolicy) { self.policy = policy }

  public func check(
    id: UInt64?, user: String, business: String, zone: Zone?, at instant: Instant
  ) throws(FatigueError) -> FatigueVerdict {
    let (key, limit) = try candidate(business, instant)
    return try judge(id, user, key, limit, at: instant).verdict
  }

  /// - Returns: the verdict, and whether the id names a reservation already.
  private func judge(
    _ id: UInt64?, _ user: String, _ key: Key, _ limit: FatiguePolicy.BusinessLimit, at instant: Instant
  ) throws(FatigueError) -> (verdict: FatigueVerdict, isRepeated: Bool) {
    let count = users[user]?.counters[key] ?? 0
    guard let id, let reach = users[user]?.reaches[id], stands(id: id, user: user, at: instant) else {
      return (verdict(count, key, limit), false)
    }
    guard reach.key.business == key.business else { throw FatigueError.conflict }
    var verdict = verdict(reach.key == key ? count - 1 : count, key, limit)
    verdict.reason = nil
    verdict.next = nil
    return (verdict, true)
  }

  public mutating func reserve(
    id: UInt64, user: String, business: String, zone: Zone?, at instant: Instant
  ) throws(FatigueError) -> FatigueVerdict {
    let (key, limit) = try candidate(business, instant)
    let (verdict, isRepeated) = try judge(id, user, key, limit, at: instant)
    if verdict.passes, limit.counts, !isRepeated {
      users[user, default: User()].counters[key, default: 0] += 1
      users[user]?.reaches[id] = CountedReach(key: key)
    }
    return verdict
  }

  @discardableResult
  public mutating func settle(id: UInt64, user: String, as settlement: FatigueSettlement) -> Bool {
    guard let reach = users[user]?.reaches[id] else { return false }
    switch (reach.settled, settlement) {
    case (nil, _), (.unknown, .commit), (.unknown, .release): break
    default: return false
    }
    users[user]?.reaches[id]?.settled = settlement
    if settlement == .release { users[user]?.giveBack(reach.key) }
    return true
  }

  /// Sweeps counters and ids of ended windows, as the origin now cuts them.
  public mutating func expire(before instant: Instant) {
    let origin = policy.origin
    users = users.compactMapValues { user in
      let left = User(
        counters: user.counters.filter { !$0.key.hasEnded(by: instant, origin: origin) },
        reaches: user.reaches.filter { !$0.value.key.hasEnded(by: instant, origin: origin) })
      return left.counters.isEmpty && left.reaches.isEmpty ? nil : left
    }
  }

  @discardableResult
  public mutating func erase(user: String) -> Bool { users.removeValue(forKey: user) != nil }

  public func stands(id: UInt64, user: String, at instant: Instant) -> Bool {
    guard let reach = users[user]?.reaches[id], reach.settled != .release else { return false }
    return !reach.key.hasEnded(by: instant, origin: policy.origin)
  }

  private func candidate(
    _ business: String, _ instant: Instant
  ) throws(FatigueError) -> (Key, FatiguePolicy.BusinessLimit) {
    guard let limit = policy.businesses[business] else { throw FatigueError.unknownBusiness(business) }
    return (Key(business: business, period: limit.length, at: instant, origin: policy.origin), limit)
  }

  private func verdict(_ count: Int, _ key: Key, _ limit: FatiguePolicy.BusinessLimit) -> FatigueVerdict {
    let isFull = count >= limit.times && limit.times >= 1
    let window = FatigueVerdict.Reading(
      count: count, limit: limit.times, next: isFull ? key.end(origin: policy.origin) : nil)
    return FatigueVerdict(user: nil, scene: nil, window: window, gap: nil, obeys: limit.obeys)
  }
}

extension FixedWindowFatigue {
  /// Which window of a business; with the user, whose counters it is in.
  private struct Key: Hashable, Sendable {
    var business: String
    var period: TimeSpan
    var window: Int128

    // In 128 bits nothing between two instants overflows.
    init(business: String, period: TimeSpan, at now: Instant, origin: Instant) {
      self.business = business
      self.period = period
      let (quotient, rest) = (Int128(now.milliseconds) - Int128(origin.milliseconds))
        .quotientAndRemainder(dividingBy: Int128(period.milliseconds))
      window = rest < 0 ? quotient - 1 : quotient
    }

    /// Exclusive; nil: later than any instant.
    func end(origin: Instant) -> Instant? {
      Int64(exactly: exactEnd(origin: origin)).map { Instant(milliseconds: $0) }
    }

    func hasEnded(by now: Instant, origin: Instant) -> Bool { exactEnd(origin: origin) <= Int128(now.milliseconds) }

    private func exactEnd(origin: Instant) -> Int128 {
      Int128(origin.milliseconds) + (window + 1) * Int128(period.milliseconds)
    }
  }

  private struct CountedReach: Hashable, Sendable {
    var key: Key
    /// Nil while it is reserved.
    var settled: FatigueSettlement?
  }

  private struct User: Hashable, Sendable {
    /// None is 0.
    var counters: [Key: Int] = [:]
    var reaches: [UInt64: CountedReach] = [:]

    mutating func giveBack(_ key: Key) {
      guard let count = counters[key] else { return }
      counters[key] = count > 1 ? count - 1 : nil
    }
  }
}
