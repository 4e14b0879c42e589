import AttuneModel
import Learning
import Rules

// A campaign's users in this partition.
extension UserPartition {
  mutating func gather(_ users: [String], for campaign: String) -> Acknowledgement {
    let mine = users.lazy.filter { [index] in !$0.isEmpty && Partition.of(user: $0) == index }
    return seats.gather(mine, for: campaign) ? .accepted : .refused
  }

  /// The audience is complete: those handed in, or those whose profile fits.
  /// - Returns: how many there are, how many of them are left out, and how many were named more than once.
  mutating func seal(_ campaign: Campaign, at now: Instant) -> (count: Int, heldOut: Int, duplicates: Int) {
    var users: [String]?
    switch campaign.audience {
    case .file: break
    case .list(let all): users = all.filter { Partition.of(user: $0) == index }
    case .profiles(let predicate):
      // Their order stands in the checkpoint.
      users = profiles.lazy.filter { predicate?.holds(profile: $0.value) ?? true }.map(\.key).sorted()
    }
    return seats.seal(campaign, users, at: now)
  }

  /// Decides about the next users of a campaign, each once in its life.
  mutating func decide(_ wave: Wave, _ step: inout StepInProgress) {
    guard wave.counts[index] > 0, let business = step.configuration.businesses[wave.campaign] else { return }
    let at = step.context.instant(of: step.context.clock)
    for _ in 0..<wave.counts[index] {
      guard let user = seats.next(of: wave.campaign, at: at) else { return }
      step.count(.routed, at: at, source: .campaign, scene: business.scene, business: business.name)
      decide(
        Candidate(
          id: nextID(), user: user, business: business.name, priority: business.priority, origin: .campaign,
          matched: at, emit: []),
        at: at, &step)
    }
  }

  /// A candidate that was put off is tried again.
  mutating func wake(_ candidate: Candidate, _ step: inout StepInProgress) {
    guard step.configuration.campaigns[candidate.business] != nil else { return }
    seats.wake(of: candidate.business)
    step.lessons.append(Lesson(business: candidate.business, what: .woken))
  }

  /// A candidate that was put off never will be: its user is erased.
  mutating func leave(_ candidate: Candidate, _ step: inout StepInProgress) {
    guard step.configuration.campaigns[candidate.business] != nil else { return }
    wake(candidate, &step)
    step.lessons.append(Lesson(business: candidate.business, what: .refused(nil)))
  }

  /// A user is erased from every audience; whom nobody has decided about is nobody to be waited for.
  mutating func leaveAudiences(_ user: String, _ step: inout StepInProgress) {
    for campaign in seats.erase(user) { step.lessons.append(Lesson(business: campaign, what: .refused(nil))) }
  }

  /// What everybody of an audience was to do, with a message or without.
  mutating func reachGoals(_ event: Event, _ step: inout StepInProgress) {
    guard let campaigns = step.configuration.goals[event.name] else { return }
    for name in campaigns {
      guard let business = step.configuration.businesses[name], let goal = step.configuration.campaigns[name]?.goal,
        seats.reachGoal(event.user, of: name, at: event.at, within: goal.within)
      else { continue }
      let isTreated = business.slice(of: event.user) != .holdout
      step.lessons.append(Lesson(business: name, what: .goal(isTreated: isTreated)))
    }
  }
}
