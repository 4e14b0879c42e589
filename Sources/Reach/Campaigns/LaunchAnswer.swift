public import AttuneModel

/// What the engine says of a campaign that is to begin. It comes with the launch itself, so nobody has to ask first and
/// then find that things have changed meanwhile.
public struct LaunchAnswer: Hashable, Sendable {
  public enum Outcome: Hashable, Sendable {
    /// It has begun; of a check: it would begin.
    case begins
    /// One of this name was launched before, by this document; nothing has changed.
    case begunBefore(Node)
    case refused(Refusal)
  }

  /// Why a campaign does not begin; nothing has changed then.
  public enum Refusal: Hashable, Sendable, CustomStringConvertible {
    /// `LaunchAnswer.diagnostics` says where, and what to do about it.
    case errors
    case emptyAudience
    case windowOver
    /// The audience cannot meet the quotas, in words.
    case quotas(String)

    public var description: String {
      switch self {
      case .errors: "it has errors"
      case .emptyAudience: "nobody is in the audience"
      case .windowOver: "its window is over"
      case .quotas(let reason): reason
      }
    }
  }

  public internal(set) var outcome = Outcome.begins
  /// Users that it has, or would have; those left out to measure against are among them.
  public internal(set) var audience = 0
  /// The share of them that is left out.
  public private(set) var holdout = 0.0
  /// Whether they are users with a profile: who is known by events alone is not among them.
  public private(set) var isOfProfiles = false
  /// Errors of the document beside what is in force; warnings are told either way.
  public internal(set) var diagnostics = Diagnostics()

  public init() {}

  /// Nil unless it was refused.
  public var refusal: Refusal? {
    if case .refused(let refusal) = outcome { refusal } else { nil }
  }

  mutating func tell(_ campaign: Campaign) {
    holdout = campaign.holdout
    if case .profiles = campaign.audience { isOfProfiles = true }
  }

  mutating func refuse(_ refusal: Refusal) -> LaunchAnswer {
    outcome = .refused(refusal)
    return self
  }
}
