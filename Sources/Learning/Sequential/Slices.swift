import AttuneModel

/// Who gets what in a campaign: told by a stable hash of campaign and user, so the same on every machine, at every
/// retry, and independent between campaigns.
public struct Slices: Hashable, Sendable {
  /// What a user is there for.
  public enum Slice: String, Hashable, Sendable, CaseIterable {
    /// Gets nothing from the campaign: what would have happened anyway.
    case holdout
    /// Gets a copy drawn at random: what the choice of copies is worth.
    case random
    /// Gets what the learner chooses.
    case learned
  }

  /// Their campaign.
  public let campaign: String
  /// Shares of the users, in 0 ... 1.
  public let holdout: Double
  public let random: Double

  /// Nil unless both are shares and leave the sum at 1 or below.
  public init?(campaign: String, holdout: Double, random: Double) {
    guard holdout >= 0, random >= 0, holdout + random <= 1 else { return nil }
    self.campaign = campaign
    self.holdout = holdout
    self.random = random
  }

  /// Holdout grows from one end and random from the other: who is in one stays there when a share grows.
  public func slice(of user: String) -> Slice {
    let place = StableHash.of("slice", campaign, user).fraction()
    return place < holdout ? .holdout : place >= 1 - random ? .random : .learned
  }
}
