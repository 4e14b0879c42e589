import AttuneModel
import Learning

extension InvariantChecker {
  /// Of each campaign, from the messages that left alone.
  func checkCampaigns(_ lines: [LogLine]) -> [Invariant] {
    var once = Invariant("one message of a campaign for each user")
    var quotas = Invariant("no quota of a campaign exceeded")
    var holdout = Invariant("nobody of a campaign's holdout reached")
    for (name, campaign) in promises.campaigns.sorted(by: { $0.key < $1.key }) {
      let slices = Slices(campaign: name, holdout: campaign.holdout, random: min(campaign.random, 1 - campaign.holdout))
      var users: Set<String> = []
      var (total, sent, carried) = (0, [String: Int](), [String: Int]())
      for line in lines where line.business == name {
        once.count(line, isKept: users.insert(line.user).inserted)
        holdout.count(line, isKept: slices?.slice(of: line.user) != .holdout)
        let copy = campaign.copies.first { $0.id == line.material }
        let channel = copy?.channel ?? ""
        total += 1
        sent[line.material, default: 0] += 1
        carried[channel, default: 0] += 1
        quotas.count(
          line,
          isKept: copy != nil && total <= campaign.total ?? .max
            && sent[line.material, default: 0] <= copy?.maximum ?? .max
            && carried[channel, default: 0] <= campaign.channels[channel] ?? .max)
      }
    }
    return [once, quotas, holdout].filter { $0.checked > 0 }
  }
}
