/// Why a candidate ended as it did: one answer of the decision chain, complete. A deferred candidate leaves one a try,
/// a reservation of another team one each time it is asked for.
public struct Trace: Hashable, Sendable {
  public var id: ID
  /// When it was decided.
  public var at: Instant
  public var user: String
  public var scene: String
  public var business: String
  /// Empty for a reservation, which no rule proposed.
  public var rule: String
  public var ruleVersion: Int
  /// When the rule matched, or the reservation is for.
  public var matched: Instant
  public var outcome: Outcome
  /// The filter that refused or deferred (`fatigue` for the last one), else nil.
  public var filter: String?
  /// Its words, or the dimension of fatigue: `user`, `scene`, `window`, `gap`.
  public var reason: String?
  /// When a refused candidate could pass, or a deferred one is tried again.
  public var next: Instant?
  /// The chosen material, and how it was chosen.
  public var material: String?
  public var choice: String?
  /// Every answer given, in order.
  public var checks: [Check]

  /// Whose answer it is: a candidate of the engine's own, or a reservation under its sender's name for it.
  public enum ID: Hashable, Sendable, CustomStringConvertible {
    case candidate(CandidateID)
    case reservation(String)

    public var description: String {
      switch self {
      case .candidate(let id): id.description
      case .reservation(let id): id
      }
    }
  }

  public enum Outcome: UInt8, Sendable, CaseIterable {
    case sent = 0
    case refused = 1
    case deferred = 2
    /// A reservation that passed: its sender may reach the user.
    case reserved = 3
    /// A late event showed that its rule should not have matched: it is withdrawn, if it was not sent yet.
    case retracted = 4

    public var name: String {
      switch self {
      case .sent: "sent"
      case .refused: "refused"
      case .deferred: "deferred"
      case .reserved: "reserved"
      case .retracted: "retracted"
      }
    }
  }

  /// One filter's answer, or one dimension of fatigue with what it counted.
  public struct Check: Hashable, Sendable {
    /// `consent`, `quietHours`, `fatigue.window`, ...
    public var name: String
    public var passed: Bool
    public var reason: String?
    public var next: Instant?
    /// What it went by: `count`, `limit`, `last`, `share`, ...
    public var details: [Property]

    public init(
      _ name: String, passed: Bool, reason: String? = nil, next: Instant? = nil, details: [Property] = []
    ) {
      self.name = name
      self.passed = passed
      self.reason = reason
      self.next = next
      self.details = details
    }
  }

  public init(
    id: ID, at: Instant, user: String, scene: String, business: String, rule: String, ruleVersion: Int,
    matched: Instant, outcome: Outcome, filter: String? = nil, reason: String? = nil, next: Instant? = nil,
    material: String? = nil, choice: String? = nil, checks: [Check] = []
  ) {
    self.id = id
    self.at = at
    self.user = user
    self.scene = scene
    self.business = business
    self.rule = rule
    self.ruleVersion = ruleVersion
    self.matched = matched
    self.outcome = outcome
    self.filter = filter
    self.reason = reason
    self.next = next
    self.material = material
    self.choice = choice
    self.checks = checks
  }
}
