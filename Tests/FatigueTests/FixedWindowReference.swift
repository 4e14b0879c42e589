import AttuneModel
import Fatigue

/// Fatigue 1.0 as one would write it on a blackboard: everything that ever counted, counted anew for each answer.
struct FixedWindowReference {
  struct Reach {
    var id: UInt64
    var user: String
    var business: String
    var period: Int64
    var window: Int64
    var settled: FatigueSettlement?
  }

  var policy: FatiguePolicy
  private(set) var history: [Reach] = []

  init(policy: FatiguePolicy) { self.policy = policy }

  mutating func reserve(id: UInt64, user: String, business: String, at: Instant) -> FatigueVerdict? {
    guard let limit = policy.businesses[business] else { return nil }
    let period = Int64(limit.days) * 86_400_000
    let window = floorDivide(at.milliseconds - policy.origin.milliseconds, period)
    let earlier = history.last {
      $0.id == id && $0.user == user && $0.settled != .release && end($0.window, $0.period) > at.milliseconds
    }
    if let earlier, earlier.business != business { return nil }
    let count = history.count {
      $0.user == user && $0.business == business && $0.period == period && $0.window == window
        && $0.settled != .release && (earlier == nil || $0.id != id)
    }
    let full = count >= limit.times && limit.times > 0
    let next = full ? Instant(milliseconds: end(window, period)) : nil
    var verdict = FatigueVerdict(
      user: nil, scene: nil, window: .init(count: count, limit: limit.times, next: next), gap: nil, obeys: limit.obeys)
    if earlier != nil {
      verdict.reason = nil
      verdict.next = nil
    } else if verdict.passes, limit.counts {
      history.append(Reach(id: id, user: user, business: business, period: period, window: window))
    }
    return verdict
  }

  mutating func settle(id: UInt64, user: String, as settlement: FatigueSettlement) {
    for index in history.indices where history[index].id == id && history[index].user == user {
      let settled = history[index].settled
      if settled == nil || settled == .unknown { history[index].settled = settlement }
    }
  }

  mutating func erase(user: String) { history.removeAll { $0.user == user } }

  private func end(_ window: Int64, _ period: Int64) -> Int64 {
    policy.origin.milliseconds + (window + 1) * period
  }
}
