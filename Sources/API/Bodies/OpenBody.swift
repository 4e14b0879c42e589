/// A body whose members are its sender's own, apart from some that mean something here.
public protocol OpenBody: WireType, SchemaSource, Hashable {
  var members: AnyJSON { get set }
  init(members: AnyJSON)
  /// The members that mean something.
  static var known: [Schema.Member] { get }
}

extension OpenBody {
  public init(from decoder: any Decoder) throws { self.init(members: try AnyJSON(from: decoder)) }
  public func encode(to encoder: any Encoder) throws { try members.encode(to: encoder) }

  public static var schema: Schema {
    .object(Schema.Object(name: "\(Self.self)", about: about, members: known, isOpen: true))
  }
}

/// Something that happened.
public struct EventBody: OpenBody {
  public var members: AnyJSON
  public init(members: AnyJSON) { self.members = members }

  public static let about = "Something that happened. Members of other names are its properties."
  public static let known = [
    Schema.Member(
      name: "id", schema: .orNull(.textOrInteger), isRequired: false,
      about: "Deduplicates within the user for a day; without one nothing does."),
    Schema.Member(
      name: "user", schema: .textOrInteger, isRequired: false,
      about: "Missing where nobody did it, as in a price cut."),
    Schema.Member(name: "event", schema: .textOrInteger, isRequired: true, about: "What was done, such as view."),
    Schema.Member(
      name: "ts", schema: .orNull(.either([.text(), .number])), isRequired: false,
      about: "RFC 3339 with its offset, or milliseconds since 1970; now, if it is missing."),
  ]
  public static let sample = EventBody(
    members: ["id": "e-1", "user": "u1", "event": "view", "item": "x", "price": 80])
}

/// What is told of a user.
public struct ProfileBody: OpenBody {
  public var members: AnyJSON
  public init(members: AnyJSON) { self.members = members }

  public static let about = "Properties of a profile to change; null removes one. Nested objects get dotted names."
  public static let known = [
    Schema.Member(
      name: "user", schema: .textOrInteger, isRequired: false, about: "May repeat the user, not name another."),
    Schema.Member(
      name: "zone", schema: .orNull(.text()), isRequired: false, about: "An IANA name, such as Asia/Shanghai."),
    Schema.Member(
      name: "consent", schema: .orNull(.flag), isRequired: false, about: "Whether the user may get messages."),
    Schema.Member(
      name: "topics", schema: .orNull(.map(.orNull(.flag))), isRequired: false, about: "By name, true or false."),
  ]
  public static let sample = ProfileBody(members: ["zone": "Asia/Shanghai", "consent": true, "city": "Hangzhou"])
}

/// A campaign, as its file in a configuration folder says it; its keys are in docs/campaigns.md.
public struct CampaignBody: OpenBody {
  public var members: AnyJSON
  public init(members: AnyJSON) { self.members = members }

  public static let about =
    "A campaign, as YAML or JSON, with the keys of its file in a configuration folder (docs/campaigns.md). A key that means nothing is refused."
  public static let known = [
    Schema.Member(name: "campaign", schema: .text(), isRequired: true, about: "Its name.")
  ]
  public static let sample = CampaignBody(
    members: [
      "campaign": "double-eleven", "scene": "trade", "audience": "profile.city == 'Hangzhou'",
      "fatigue": ["days": 1, "times": 1, "minGap": "0s"], "expires": "2h",
      "materials": [["id": "gentle", "title": "Still thinking?", "body": "It is waiting for you"]],
    ])
}
