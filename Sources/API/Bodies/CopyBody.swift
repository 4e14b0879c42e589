/// A copy of the library. What a server tells of one can be sent back: the members that only it tells are left alone.
public struct CopyBody: WireType, SchemaSource, Hashable {
  public var id: TextOrInteger
  public var title: String
  public var body: String
  public var tags: [String]?
  public var scene: String?
  public var language: String?
  public var created: TextOrInteger?
  public var past: Past?

  public struct Past: Codable, Hashable, Sendable {
    public var sends: Int
    public var deliveries: Int?
    public var clicks: Int?
    public var conversions: Int?
    public var optOuts: Int?
    public var lastUsed: TextOrInteger?
  }

  public static let about = "A copy of the library; it takes the place of the one with its id."
  public static let notes = [
    "created": "RFC 3339, or milliseconds since 1970; now, if it is missing.", "past": "What it did elsewhere.",
  ]
  public static let sample = CopyBody(
    id: "run", title: "New running shoes", body: "They are light", tags: ["sport"], scene: "trade", language: "en",
    created: nil, past: Past(sends: 1200, deliveries: nil, clicks: 60, conversions: nil, optOuts: nil, lastUsed: nil))

  /// The members of an answer that a body may repeat, without effect.
  public static let readOnly: [String] =
    Schema(of: CopyAnswer.self).memberNames?
    .filter { !(Schema(recording: CopyBody.self).memberNames ?? []).contains($0) } ?? []

  public static let schema: Schema = {
    guard case .object(var object) = Schema(recording: CopyBody.self),
      case .object(let told) = Schema(of: CopyAnswer.self)
    else { return .any }
    object.members += told.members.filter { readOnly.contains($0.name) }.map { member in
      var member = member
      (member.isReadOnly, member.isRequired) = (true, false)
      return member
    }
    return .object(object)
  }()
}
