import AttuneModel
import Learning

extension Engine {
  /// Counts and learns what the partitions saw in the last step, in their order.
  mutating func learn(_ plan: inout Plan) {
    settle(plan.takeLeases())
    if plan.lessons.isEmpty { return }
    for lesson in plan.lessons {
      campaigns[lesson.business]?.count(lesson.what)
      guard let settings = configuration.businesses[lesson.business]?.choice else { continue }
      pilots[lesson.business]?.learn(lesson, settings)
    }
    plan.learned(plan.lessons.count)
    for name in campaigns.keys.sorted() {
      guard let campaign = configuration.campaigns[name] else { continue }
      campaigns[name]?.close(campaign, at: time.clock)
      guard let state = campaigns[name], state.status == .running, let pilot = pilots[name] else { continue }
      let watch = HarmGuard(campaign.harm, expected: state.audience)
      if let harm = watch.harm(in: state.seen(pilot)) {
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
      pilots[name]?.settle(leases.map(\.lease))
    }
  }
}

extension CampaignState {
  /// What speaks for a campaign, or against it.
  func seen(_ pilot: Pilot) -> HarmGuard.Seen {
    HarmGuard.Seen(
      optOuts: Moments(successes: pilot.copies.reduce(0) { $0 + $1.optOuts }, trials: sent),
      treated: Moments(successes: treatedGoals, trials: taken - heldOut),
      held: Moments(successes: heldOutGoals, trials: heldOut))
  }

  fileprivate mutating func count(_ what: Lesson.What) {
    switch what {
    case .heldOut: heldOut += 1
    case .held: held += 1
    case .refused: refused += 1
    case .deferred: deferred += 1
    case .woken:
      deferred -= 1
      return
    case .sent(let isQuiet):
      sent += 1
      if isQuiet { quiet += 1 }
    case .goal(let isTreated):
      if isTreated { treatedGoals += 1 } else { heldOutGoals += 1 }
      return
    case .undelivered(let isQuiet, _):
      sent -= 1
      undelivered += 1
      if isQuiet { quiet -= 1 }
      return
    case .clicked, .converted, .optedOut, .nothing: return
    }
  }
}
