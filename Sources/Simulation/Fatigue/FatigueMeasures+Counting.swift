import AttuneModel
import Fatigue

extension FatigueMeasures {
  init(_ run: FatigueRun, _ traffic: FatigueTraffic) {
    refused = run.refused
    var all: [TimeSpan] = []
    for (key, instants) in run.reaches {
      for _ in instants { reaches.add(key.user) }
      guard let limit = traffic.policy.businesses[key.business], limit.obeys, limit.counts else { continue }
      countAfterChange(instants, key, run, traffic)
      if limit.times > 1 {
        all += zip(instants, instants.dropFirst()).map { $1 - $0 }
        countMoreThanTimes(instants, key, limit.times, traffic)
      }
      for (first, second) in zip(instants, instants.dropFirst()) { countPair(first, second, key, traffic) }
    }
    all.sort()
    for gap in all { gaps[Self.buckets.firstIndex { gap < $0.below } ?? gaps.count - 1] += 1 }
    medianGap = all.isEmpty ? nil : all[all.count / 2]
  }

  private mutating func countPair(
    _ first: Instant, _ second: Instant, _ key: FatigueRun.Key, _ traffic: FatigueTraffic
  ) {
    guard let limit = traffic.limit(key.business, at: first) else { return }
    if second - first < limit.minGap { closerThanGap.add(key.user) }
    guard limit.times == 1, second - first < limit.period, !traffic.hasChange(between: first, second) else { return }
    withinPeriod.add(key.user)
    let zone = traffic.policy.zone
    if zone.day(second) - zone.day(first) == 1 { adjacentDays.add(key.user) }
  }

  private mutating func countMoreThanTimes(
    _ instants: [Instant], _ key: FatigueRun.Key, _ times: Int, _ traffic: FatigueTraffic
  ) {
    for (first, last) in zip(instants, instants.dropFirst(times)) {
      guard let limit = traffic.limit(key.business, at: first), !traffic.hasChange(between: first, last) else {
        continue
      }
      if last - first < limit.period { moreThanTimes.add(key.user) }
    }
  }

  private mutating func countAfterChange(
    _ instants: [Instant], _ key: FatigueRun.Key, _ run: FatigueRun, _ traffic: FatigueTraffic
  ) {
    guard let end = run.waiting[key] else { return }
    for reach in instants where reach >= traffic.change && reach < end {
      afterChange.add(key.user)
      if reach < traffic.change + .hours(1) { hourAfterChange.add(key.user) }
    }
  }
}

extension FatigueTraffic {
  /// Whether the operator changed the policy after the first and not after the second.
  fileprivate func hasChange(between first: Instant, _ second: Instant) -> Bool { first < change && change <= second }
}

extension FatiguePolicy.BusinessLimit {
  fileprivate var period: TimeSpan { .days(Int64(days)) }
}
