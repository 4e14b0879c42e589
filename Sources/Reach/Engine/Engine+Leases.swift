import AttuneModel
import Learning

extension Engine {
  /// Hands the quotas of campaigns out for a step in which some of their users may be decided about.
  mutating func lease(for waves: [Wave]) -> [String: [Lease]] {
    var leases: [String: [Lease]] = [:]
    // A step in which nobody is decided about has to leave no mark.
    let isAnybodyDue = partitions.contains { $0.reaches.nextWaking <= time.frontier }
    for (name, state) in campaigns where state.status == .running && choices[name]?.allocator != nil {
      let wave = waves.first { $0.campaign == name }
      if wave == nil, state.deferred == 0 || !isAnybodyDue { continue }
      let slices = configuration.campaigns[name]?.slices
      let pending = partitions.indices.map { index in
        let seats = partitions[index].seats
        let due = seats.upcoming(of: name, wave?.counts[index] ?? 0)
        // Units for those who are left out would stay unspent.
        let reachable = slices.map { slices in due.count { slices.slice(of: $0) != .holdout } } ?? due.count
        return reachable + seats.deferred(of: name)
      }
      leases[name] = choices[name]?.allocator?.lease(pending: pending)
    }
    return leases
  }
}
