public import AttuneModel
public import Fatigue
import Materials
public import Rules

/// A configuration, checked and compiled: what the engine decides by.
public struct CompiledConfiguration: Sendable {
  public internal(set) var timing = Timing()
  public internal(set) var fatigue = FatiguePolicy.nobody
  /// As they are published: those of single users and those across users together.
  public private(set) var rules = RuleSet()
  /// Rules that look at one user's events and speak to that user: matched where the user lives.
  private(set) var userRules = RuleSet()
  /// The others: matched where their keys live.
  private(set) var sharedRules = RuleSet()
  /// What rules may hold of a key, and for how long matches can be taken back; `rules:` in `attune.yaml`.
  public internal(set) var limits = Matcher.Limits.standard
  public internal(set) var businesses: [String: Business] = [:]
  /// Their businesses stand among `businesses`, under the same names.
  public internal(set) var campaigns: [String: Campaign] = [:]
  /// The campaigns that have an event as their goal.
  public internal(set) var goals: [String: [String]] = [:]
  /// The businesses that a rule's match proposes, in the order (priority descending, name).
  public internal(set) var routes: [String: [Business]] = [:]

  /// Nobody is reached.
  public init() {}

  mutating func use(_ rules: RuleSet) {
    self.rules = rules
    userRules = rules.filter { !$0.isShared }
    sharedRules = rules.filter(\.isShared)
  }

  /// How the engine reads time; `timing:` in `attune.yaml`.
  public struct Timing: Hashable, Sendable {
    /// How long to wait for events that come out of order.
    public var lateness = TimeSpan.seconds(1)
    /// How long an event's id is remembered after it arrived.
    public var deduplication = TimeSpan.days(1)
    /// How long a message is remembered for its settlement and receipts.
    public var attribution = TimeSpan.days(7)
    /// How long after that a user can opt out by it.
    public var optOut = TimeSpan.days(30)

    public init() {}
  }
}
