public import AttuneModel

/// A property's value: text, number, true or false, or a list of them.
public struct PropertyValue: SchemaSource, Codable, Hashable, Sendable {
  public var value: Value

  public init(_ value: Value) { self.value = value }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      value = .bool(flag)
    } else if let number = try? container.decode(Double.self) {
      value = .number(number)
    } else if let text = try? container.decode(String.self) {
      value = .string(text)
    } else {
      value = .list(try container.decode([PropertyValue].self).map(\.value))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch value {
    case .string(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .bool(let flag): try container.encode(flag)
    case .list(let values): try container.encode(values.map(PropertyValue.init))
    }
  }

  public static let schema = Schema.either([.text(), .number, .flag, .list(.either([.text(), .number, .flag]))])
}

/// What is known of a user.
public struct ProfileAnswer: WireType, Hashable {
  public var user: String
  public var profile: [String: PropertyValue]

  public init(user: String, profile: [String: PropertyValue]) {
    self.user = user
    self.profile = profile
  }

  public static let about = "What is known of a user."
  public static let notes = ["profile": "Names of nested objects joined by dots."]
  public static let sample = ProfileAnswer(
    user: "u1", profile: ["zone": PropertyValue(.string("Asia/Shanghai")), "consent": PropertyValue(.bool(true))])
}

/// Every answer given on one user, the newest first, a page at a time.
public struct TimelineAnswer: WireType, Hashable {
  public var user: String
  public var entries: [DecisionAnswer]
  @OrNull public var next: String?

  public static let about = "Every answer given on one user, the newest first, a page at a time."
  public static let notes = ["next": "The 'before' of the next page; null where there is nothing older."]
  public static let sample = TimelineAnswer(user: "u1", entries: [.sample], next: "12.0")
}

/// One answer on one candidate. Made by hand where it is hot (`Insight`), and held to this by tests.
public struct DecisionAnswer: WireType, Hashable {
  /// How it came to the answer.
  public struct Steps: Codable, Hashable, Sendable {
    public var ruleVersion: Int?
    public var matched: Instant?
    public var chosen: String?
    public var choice: OrNull<String>?
    public var checks: [CheckAnswer]
  }

  /// What came of the message that was sent.
  public struct Delivery: Codable, Hashable, Sendable {
    public var outcome: String
    public var at: Instant
    @OrNull public var channel: String?
    @OrNull public var code: String?
    @OrNull public var providerID: String?
    public var latencyMilliseconds: Int?
    public var attempts: Int
  }

  public enum Outcome: String, TextChoice { case sent, reserved, refused, deferred, retracted }

  public var id: String
  public var at: Instant
  public var user: String
  public var scene: String
  public var business: String
  @OrNull public var rule: String?
  public var outcome: Outcome
  @OrNull public var filter: String?
  @OrNull public var reason: String?
  @OrNull public var next: Instant?
  @OrNull public var material: String?
  public var trace: Steps
  public var delivery: Delivery?

  public static let about = "One answer on one candidate."
  public static let notes = [
    "id": "The message's, or the reservation's as its sender calls it.",
    "at": "Milliseconds since 1970-01-01T00:00:00Z.",
    "rule": "Null for a reservation of another team, and for a campaign.",
    "filter": "What was in the way.",
    "next": "The earliest instant at which it could pass, in milliseconds since 1970.",
    "material": "The copy that was sent.",
    "delivery": "What came of the message; missing while that is not known.",
  ]
  public static let sample = DecisionAnswer(
    id: "17-42", at: Instant(milliseconds: 1_795_315_976_996), user: "u1", scene: "trade", business: "nudge",
    rule: "interested", outcome: .sent, filter: nil, reason: nil, next: nil, material: "gentle",
    trace: Steps(
      ruleVersion: 1, matched: Instant(milliseconds: 1_795_315_976_990), chosen: "gentle",
      choice: OrNull(wrappedValue: "only"), checks: []),
    delivery: Delivery(
      outcome: "accepted", at: Instant(milliseconds: 1_795_315_977_120), channel: "log", code: nil, providerID: nil,
      latencyMilliseconds: 3, attempts: 1))
}

/// What one filter or one limit said. Its own figures, such as `count` and `limit`, are further members.
public struct CheckAnswer: SchemaSource, Codable, Hashable, Sendable {
  public var name: String
  public var passed: Bool
  public var reason: String?
  public var next: OrNull<Instant>?

  public static let schema = Schema.object(
    Schema.Object(
      name: "CheckAnswer", about: "What one filter or limit said; its own figures are further members.",
      members: [
        Schema.Member(name: "name", schema: .text(), isRequired: true),
        Schema.Member(name: "passed", schema: .flag, isRequired: true),
        Schema.Member(name: "reason", schema: .text(), isRequired: false),
        Schema.Member(
          name: "next", schema: .orNull(.integer), isRequired: false, about: "Milliseconds since 1970."),
      ], isOpen: true))
}
