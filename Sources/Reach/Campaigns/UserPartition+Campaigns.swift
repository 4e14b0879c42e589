import AttuneModel
import Learning
import Rules

/// What a campaign takes up in one step: some of its users in each partition.
struct Wave: Sendable {
  var campaign: String
  /// By partition.
  var counts: [Int]
}

extension UserPartition {
  mutating func gather(_ users: [String], for campaign: String) -> Acknowledgement {
    guard audiences[campaign]?.isSealed != true else { return .refused }
    for user in users where !user.isEmpty && Partition.of(user: user) == index {
      audiences[campaign, default: Members()].append(user)
    }
    return .accepted
  }

  /// The audience is complete: those handed in, or those whose profile fits.
  /// - Returns: how many there are, how many of them are left out, and how many were named more than once.
  mutating func seal(_ campaign: Campaign, at now: Instant) -> (count: Int, heldOut: Int, duplicates: Int) {
    var members = Members()
    switch campaign.audience {
    case .file: members = audiences[campaign.name] ?? members
    case .list(let users):
      for user in users where Partition.of(user: user) == index { members.append(user) }
    case .profiles(let predicate):
      // Their order stands in the checkpoint.
      let fitting = profiles.lazy.filter { predicate?.holds(profile: $0.value) ?? true }
      for user in fitting.map(\.key).sorted() { members.append(user) }
    }
    let duplicates = members.seal(for: campaign.name, at: now)
    audiences[campaign.name] = members
    let heldOut = campaign.slices.map { slices in members.users.count { slices.slice(of: $0) == .holdout } }
    return (members.count, heldOut ?? 0, duplicates)
  }

  /// Decides about the next users of a campaign, each once in its life.
  mutating func decide(_ wave: Wave, _ run: inout Run) {
    guard wave.counts[index] > 0, let business = run.configuration.businesses[wave.campaign] else { return }
    let at = run.surroundings.now ?? run.surroundings.clock
    for _ in 0..<wave.counts[index] {
      guard let user = audiences[wave.campaign]?.next(at: at) else { return }
      named += 1
      run.count(.routed, at: at, source: .campaign, scene: business.scene, business: business.name)
      decide(
        Candidate(
          id: CandidateID(partition: index, number: named), user: user, business: business.name,
          priority: business.priority, origin: .campaign, matched: at, emit: []),
        at: at, &run)
    }
  }

  /// A candidate that was put off is tried again.
  mutating func wake(_ candidate: Candidate, _ run: inout Run) {
    guard run.configuration.campaigns[candidate.business] != nil else { return }
    audiences[candidate.business]?.deferred -= 1
    run.lessons.append(Lesson(business: candidate.business, what: .woken))
  }

  /// A candidate that was put off never will be: its user is erased.
  mutating func leave(_ candidate: Candidate, _ run: inout Run) {
    guard run.configuration.campaigns[candidate.business] != nil else { return }
    wake(candidate, &run)
    run.lessons.append(Lesson(business: candidate.business, what: .refused(nil)))
  }

  /// A user is erased from every audience; whom nobody has decided about is nobody to be waited for.
  mutating func leaveAudiences(_ user: String, _ run: inout Run) {
    for campaign in audiences.keys.sorted() where audiences[campaign]?.erase(user, campaign) == true {
      run.lessons.append(Lesson(business: campaign, what: .refused(nil)))
    }
  }

  /// Of campaigns that nobody will ask for any more.
  mutating func dropAudiences(_ run: Run) {
    for campaign in audiences.keys where run.surroundings.forgotten.contains(campaign) { audiences[campaign] = nil }
  }

  /// What everybody of an audience was to do, with a message or without.
  mutating func reachGoals(_ event: Event, _ run: inout Run) {
    guard let campaigns = run.configuration.goals[event.name] else { return }
    for name in campaigns {
      guard let business = run.configuration.businesses[name], let goal = run.configuration.campaigns[name]?.goal,
        audiences[name]?.reachGoal(event.user, name, at: event.at, within: goal.within) == true
      else { continue }
      let isTreated = slice(of: event.user, business, run.configuration) != .holdout
      run.lessons.append(Lesson(business: name, what: .goal(isTreated: isTreated)))
    }
  }
}
