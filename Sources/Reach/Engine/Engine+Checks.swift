public import AttuneModel
import Learning
import Materials
import Rules

// What a launch would say. It takes as long as to compile a configuration, so it can be asked of a copy without users,
// and the users be counted a partition at a time.
extension Engine {
  /// What it decides by, without what it knows of users: small, and enough to check a configuration and to report of a
  /// campaign.
  public var withoutUsers: Engine {
    var engine = Engine()
    engine.configuration = configuration
    engine.source = source
    engine.zones = zones
    engine.time = time
    engine.campaigns = campaigns
    engine.choices = choices
    return engine
  }

  /// What `launch` would say now; nothing is changed.
  /// - Parameter announced: users that will be handed in before the launch, where the audience is a file.
  public func check(campaign document: Node, announced: Int = 0) -> LaunchAnswer {
    let plan = plan(campaign: document)
    let users = partitions.indices.reduce(CampaignPlan.Users()) { $0 + self.users(of: plan, in: $1) }
    return check(plan, users, announced: announced)
  }

  /// What can be said before users are counted.
  public func plan(campaign document: Node) -> CampaignPlan {
    var plan = CampaignPlan()
    if let first = campaigns[document["campaign"]?.scalar ?? ""]?.document {
      plan.answer = again(document, first)
    } else if let (campaign, business, _) = compile(document, &plan.answer.diagnostics) {
      (plan.campaign, plan.business) = (campaign, business)
      plan.answer.tell(campaign)
    } else {
      plan.answer = plan.answer.refuse(.errors)
    }
    return plan
  }

  /// How many users of a partition it would have if it were launched now, of a file those handed in so far.
  public func users(of plan: CampaignPlan, in partition: Int) -> CampaignPlan.Users {
    guard let campaign = plan.campaign else { return CampaignPlan.Users() }
    let partition = partitions[partition]
    let slices = campaign.slices
    func count(_ users: some Sequence<String>) -> CampaignPlan.Users {
      users.reduce(into: CampaignPlan.Users()) { sum, user in
        sum.count += 1
        if slices?.slice(of: user) != .holdout { sum.reachable += 1 }
      }
    }
    switch campaign.audience {
    case .profiles(let predicate):
      return count(partition.profiles.lazy.filter { predicate?.holds(profile: $0.value) ?? true }.map(\.key))
    case .file: return count(partition.seats.users(of: campaign.name))
    // It names them itself: all at once, with the first.
    case .list(let users): return partition.index == 0 ? count(Set(users)) : CampaignPlan.Users()
    }
  }

  /// - Parameters:
  ///   - counted: of all partitions.
  ///   - announced: as for `check(campaign:announced:)`.
  public func check(_ plan: CampaignPlan, _ counted: CampaignPlan.Users, announced: Int) -> LaunchAnswer {
    guard let campaign = plan.campaign, let business = plan.business else { return plan.answer }
    var (answer, users) = (plan.answer, counted)
    if case .file = campaign.audience, announced > users.count {
      users.count = announced
      users.reachable = Int(Double(announced) * (1 - campaign.holdout))
    }
    answer.audience = users.count
    if users.count == 0 { return answer.refuse(.emptyAudience) }
    if isOver(campaign) { return answer.refuse(.windowOver) }
    do {
      _ = try campaign.quotas.quotas(for: business, audience: users.reachable)
      return answer
    } catch {
      return answer.refuse(.quotas("\(error)"))
    }
  }

  /// One that was launched before is not begun again, whatever is handed in now.
  func again(_ document: Node, _ first: Node) -> LaunchAnswer {
    var answer = LaunchAnswer()
    answer.outcome = .begunBefore(first)
    answer.audience = campaigns[document["campaign"]?.scalar ?? ""]?.audience ?? 0
    if let (campaign, _, _) = compile(document, &answer.diagnostics) { answer.tell(campaign) }
    return answer
  }
}
