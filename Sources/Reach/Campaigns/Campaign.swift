public import AttuneModel
public import Learning
public import Rules

/// One plan with several copies: whom it is for, how much of each copy there is, and how it is sent.
///
/// What it says, and what keeps it from a user, stands in the business of the same name: to filters, fatigue and the
/// funnel a campaign is a business whose candidates come from an audience instead of a rule.
public struct Campaign: Sendable {
  public var name: String
  public var audience: Audience
  /// Share of the audience that is left out, to measure against.
  public var holdout: Double
  /// Nothing is sent before or after; nil from launch on, for as long as it takes.
  public var window: Range<Instant>?
  public var waves: Waves
  public var quotas: QuotaPlan
  /// What everybody of the audience may do, told a message or not; lift is counted in it.
  public var goal: Goal?
  /// When it stops by itself.
  public var harm: HarmGuard.Bounds

  /// Who is left out; the rest is for the business to divide.
  var slices: Slices? { holdout > 0 ? Slices(campaign: name, holdout: holdout, random: 0) : nil }

  public enum Audience: Sendable {
    /// Everybody with a profile that fits; nil for all of them.
    case profiles(Expression?)
    case list([String])
    /// Handed in before the launch, a line a user.
    case file(String)
  }

  /// How much of the audience is decided at a time, so that clicks on the first steer the rest.
  public struct Waves: Hashable, Sendable {
    public var share: Double
    public var every: TimeSpan
  }

  public struct Goal: Hashable, Sendable {
    public var event: String
    /// How long after the decision on the user it counts.
    public var within: TimeSpan
  }
}

/// `quotas:` as written; how many users there are to spend them on is known at launch.
public struct QuotaPlan: Hashable, Sendable {
  public var total: Int?
  /// By material.
  public var maxima: [String: Int] = [:]
  public var minima: [String: Int] = [:]
  /// By channel.
  public var channels: [String: Int] = [:]

  public var isEmpty: Bool { total == nil && maxima.isEmpty && minima.isEmpty && channels.isEmpty }
}
