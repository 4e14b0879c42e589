import AttuneModel
import Learning

extension Engine {
  /// Counts and learns what the partitions saw in the last step, in their order.
  mutating func learn(_ progress: inout BatchInProgress) {
    settle(progress.takeLeases())
    if progress.lessons.isEmpty { return }
    for lesson in progress.lessons {
      campaigns[lesson.business]?.count(lesson.what)
      guard let settings = configuration.businesses[lesson.business]?.choice else { continue }
      choices[lesson.business]?.learn(lesson, settings)
    }
    progress.learned(progress.lessons.count)
    for name in campaigns.keys.sorted() {
      guard let campaign = configuration.campaigns[name] else { continue }
      campaigns[name]?.close(campaign, at: time.clock)
      guard let state = campaigns[name], state.status == .running, let learned = choices[name] else { continue }
      let watch = HarmGuard(campaign.harm, expected: state.audience)
      if let harm = watch.harm(in: state.seen(learned)) {
        campaigns[name]?.end(.stopped, "it does harm: \(harm)", at: time.clock)
      }
    }
  }
}

extension Engine {
  /// Partitions give back what they did not spend of quotas.
  private mutating func settle(_ returned: [(business: String, lease: Lease)]) {
    if returned.isEmpty { return }
    for (name, leases) in Dictionary(grouping: returned, by: \.business) {
      choices[name]?.settle(leases.map(\.lease))
    }
  }
}
