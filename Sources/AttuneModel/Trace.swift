/// Why a candidate ended as it did: one answer of the decision chain, complete. A deferred candidate leaves one a try,
/// a reservation of another team one each time it is asked for.
public struct Trace: Hashable, Sendable {
  public var id: ID
  /// When it was decided.
  public var at: Instant
  public var user: String
  public var scene: String
  public var business: String
  public var origin: Origin
  /// When the rule matched, or the reservation is for.
  public var matched: Instant
  public var outcome: Outcome
  /// What refused or deferred it, else nil.
  public var obstacle: Obstacle?
  /// The obstacle's words, or the dimension of fatigue: `user`, `scene`, `window`, `gap`.
  public var reason: String?
  /// When a refused candidate could pass, or a deferred one is tried again.
  public var next: Instant?
  /// The chosen material, and how it was chosen.
  public var material: String?
  public var choice: String?
  /// Every answer given, in order.
  public var checks: [Check]

  /// The name of the obstacle, `fatigue` whatever the dimension.
  public var filter: String? { obstacle?.filter }

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

  /// How a candidate can end.
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
    /// What was asked.
    public var obstacle: Obstacle
    public var passed: Bool
    public var reason: String?
    public var next: Instant?
    /// `consent`, `fatigue.window`, ...
    public var name: String { obstacle.name }
    /// What it went by: `count`, `limit`, `last`, `share`, ...
    public var details: [Property]

    public init(
      _ obstacle: Obstacle, passed: Bool, reason: String? = nil, next: Instant? = nil, details: [Property] = []
    ) {
      self.obstacle = obstacle
      self.passed = passed
      self.reason = reason
      self.next = next
      self.details = details
    }
  }

  public init(
    id: ID, at: Instant, user: String, scene: String, business: String, origin: Origin, matched: Instant,
    outcome: Outcome, obstacle: Obstacle? = nil, reason: String? = nil, next: Instant? = nil, material: String? = nil,
    choice: String? = nil, checks: [Check] = []
  ) {
    self.id = id
    self.at = at
    self.user = user
    self.scene = scene
    self.business = business
    self.origin = origin
    self.matched = matched
    self.outcome = outcome
    self.obstacle = obstacle
    self.reason = reason
    self.next = next
    self.material = material
    self.choice = choice
    self.checks = checks
  }
}
