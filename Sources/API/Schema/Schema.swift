/// What JSON a wire type is, as JSON Schema tells it (draft 2020-12, which OpenAPI 3.1 uses).
///
/// It is made from the type itself: `Schema(of: CampaignAnswer.self)` runs the type's `init(from:)` and notes what it
/// asks for. So a member that is added to a type is in the document, and cannot be forgotten there.
public indirect enum Schema: Hashable, Sendable {
  /// Text; `format` as JSON Schema names them, such as `date`.
  case text(format: String? = nil)
  case integer
  case number
  case flag
  /// One of these texts.
  case choice([String])
  /// Text or a whole number, such as an id.
  case textOrInteger
  case list(Schema)
  /// An object whose members have names of the user's own.
  case map(Schema)
  case object(Object)
  /// One of several, such as one verdict or a batch of them.
  case either([Schema])
  case orNull(Schema)
  /// Any JSON.
  case any

  /// An object with named members.
  public struct Object: Hashable, Sendable {
    /// Under which it stands among the document's components.
    public var name: String
    public var about: String
    public var members: [Member]
    /// Whether it may have members of other names, such as an event's properties.
    public var isOpen = false
  }

  public struct Member: Hashable, Sendable {
    public var name: String
    public var schema: Schema
    /// Whether it is there in every such object; it may still be null.
    public var isRequired: Bool
    public var about: String?
    /// Whether a server tells it and leaves it alone where it is sent back.
    public var isReadOnly = false
  }
}

extension Schema {
  /// - Parameter type: a type whose members are wire types themselves. One whose decoding cannot be followed is `any`.
  public init(of type: any Decodable.Type) {
    if let known = type as? any SchemaSource.Type { self = known.schema } else { self.init(recording: type) }
  }

  /// By its members alone, also of a type that tells its schema itself.
  init(recording type: any Decodable.Type) { self = SchemaRecorder.schema(of: type) }

  /// The names that its objects may have; nil where they may have any.
  public var memberNames: [String]? {
    guard case .object(let object) = self, !object.isOpen else { return nil }
    return object.members.map(\.name)
  }
}

/// A type that tells its schema itself.
public protocol SchemaSource: Decodable {
  static var schema: Schema { get }
}

/// A closed set of texts.
public protocol TextChoice: SchemaSource, CaseIterable, RawRepresentable<String>, Codable, Hashable, Sendable {}

extension TextChoice {
  public static var schema: Schema { .choice(allCases.map(\.rawValue)) }
}

/// The body of a request or of an answer.
public protocol WireType: Codable, Sendable {
  /// What it is, in one line.
  static var about: String { get }
  /// What members mean, by their names, where the name alone does not tell.
  static var notes: [String: String] { get }
  /// One of them, for the document's examples. It is encoded and held to the schema by tests.
  static var sample: Self { get }
}

extension WireType {
  public static var notes: [String: String] { [:] }
}
