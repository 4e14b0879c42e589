public import AttuneModel
import Learning
public import Materials

/// One line of messages: its rule, its chain of filters, its materials. Its fatigue stands in the policy.
public struct Business: Sendable {
  public var name: String
  public var scene: String
  /// Higher is decided first.
  public var priority: Int
  /// The rule whose match proposes a reach; nil for a campaign, whose audience does.
  public var rule: String?
  public var valid: Range<Instant>
  /// In the order they are asked; expiry stands first.
  var filters: [any Filter]
  public var expires: TimeSpan?
  public var materials: MaterialSet
  /// How it weighs messages, with `choose: learned`.
  public var choice: ChoiceSettings?
  public var channel: String
  /// What a user can mute, by `profile.topics.<topic>`.
  public var topic: String?
  public var whenUnknown: Message.WhenUnknown
  /// Which messages its own do not queue behind.
  public var `class`: Message.Class
  /// Share of users who are left out, to measure against; only campaigns have any.
  var holdout = 0.0
}

extension Business {
  /// Its candidates come from an audience.
  var isCampaign: Bool { rule == nil }

  /// Whether a user is left out, gets a copy at random, or one that is chosen.
  func slice(of user: String) -> Slices.Slice {
    guard let choice else { return .learned }
    let slices = Slices(campaign: name, holdout: holdout, random: min(choice.random, 1 - holdout))
    return slices?.slice(of: user) ?? .learned
  }

  func channel(of material: String) -> String {
    materials.all.first { $0.id == material }?.channel ?? channel
  }
}
