public import AttuneModel

/// How things stand with one user.
public struct FatigueUserAnswer: WireType, Hashable {
  /// For a business that may use the whole day.
  public struct Day: Codable, Hashable, Sendable {
    public var count: Int
    public var limit: Int
    @OrNull public var next: Instant?
  }

  public var user: String
  public var known: Bool
  public var day: Day
  public var businesses: [String: VerdictAnswer]

  public static let about = "How things stand with one user, and what every business would be told."
  public static let notes = [
    "known": "False where nothing is remembered: every limit is fresh.",
    "day": "The user's own limit, for a business that may use the whole day.",
    "businesses": "By business, what a check would say.",
  ]
  public static let sample = FatigueUserAnswer(
    user: "u1", known: true, day: Day(count: 1, limit: 5, next: nil),
    businesses: [
      "news": VerdictAnswer(
        id: nil, pass: true, reason: nil, next: nil, dimensions: VerdictAnswer.sample.dimensions)
    ])
}

/// What became of a set of policies.
public struct PolicyChangeAnswer: WireType, Hashable {
  public var changed: Bool
  public var dryRun: Bool
  public var differs: Bool
  public var businesses: Int
  public var warnings: [DiagnosticAnswer]

  public init(changed: Bool, dryRun: Bool, differs: Bool, businesses: Int, warnings: [DiagnosticAnswer]) {
    self.changed = changed
    self.dryRun = dryRun
    self.differs = differs
    self.businesses = businesses
    self.warnings = warnings
  }

  public static let about = "What became of a set of policies."
  public static let notes = [
    "changed": "Whether they are in force now and were not before.",
    "differs": "Whether they are others than were in force.",
  ]
  public static let sample = PolicyChangeAnswer(
    changed: true, dryRun: false, differs: true, businesses: 2, warnings: [])
}

/// The policies in force, as `PUT` takes them. Made by hand in `Insight`, which names a file's policies by that text,
/// and held to this by tests.
public struct PoliciesAnswer: WireType, Hashable {
  public struct User: Codable, Hashable, Sendable {
    public var perDay: Int
    public var reserve: Int?
    public var reservePriority: Int?
  }

  public struct Scene: Codable, Hashable, Sendable {
    public var times: Int
    /// A span, as in `36h`.
    public var window: String
  }

  public struct Business: Codable, Hashable, Sendable {
    public var scene: String
    public var days: Int
    public var times: Int
    /// A span, as in `4h`.
    public var minGap: String
    public var priority: Int
    public var obeys: Bool?
    public var counts: Bool?
  }

  public var zone: String
  public var user: User
  public var scenes: [String: Scene]
  public var businesses: [String: Business]

  public static let about = "The policies in force, as PUT takes them."
  public static let notes = ["zone": "An IANA name.", "scenes": "By name.", "businesses": "By name."]
  public static let sample = PoliciesAnswer(
    zone: "Asia/Shanghai", user: User(perDay: 5, reserve: nil, reservePriority: nil),
    scenes: ["feed": Scene(times: 2, window: "1d")],
    businesses: [
      "price-drop": Business(
        scene: "feed", days: 7, times: 3, minGap: "4h", priority: 5, obeys: nil, counts: nil)
    ])
}
