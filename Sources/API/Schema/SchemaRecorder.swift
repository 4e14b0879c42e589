/// Lets a type decode itself from nothing, and notes which members it asks for, of what types.
final class SchemaRecorder: Decoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  private(set) var members: [Schema.Member] = []
  private(set) var isKeyed = false
  /// What a type that is one value asked for.
  fileprivate(set) var value: Schema?
  /// How often the type asked if the next member is there at all: an optional asks once, an `OrNull` twice.
  private var questions = 0

  static func schema(of type: any Decodable.Type) -> Schema {
    let recorder = SchemaRecorder()
    guard (try? type.init(from: recorder)) != nil else { return .any }
    guard recorder.isKeyed else { return recorder.value ?? .any }
    let wire = type as? any WireType.Type
    let notes = wire?.notes ?? [:]
    return .object(
      Schema.Object(
        name: name(of: type), about: wire?.about ?? "",
        members: recorder.members.map { member in
          var member = member
          member.about = notes[member.name]
          return member
        }))
  }

  /// `API.CampaignAnswer.Lift` is `CampaignAnswerLift`.
  private static func name(of type: any Decodable.Type) -> String {
    String(reflecting: type).split(separator: ".").dropFirst().joined()
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    isKeyed = true
    return KeyedDecodingContainer(Members(recorder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw NotFollowed() }
  func singleValueContainer() throws -> any SingleValueDecodingContainer { Single(recorder: self) }

  fileprivate func isAskedWhetherThere() { questions += 1 }

  fileprivate func note<T: Decodable>(_ type: T.Type, as name: String) throws -> T {
    members.append(Schema.Member(name: name, schema: Schema(of: type), isRequired: questions != 1))
    questions = 0
    return try Self.instance(of: type)
  }

  /// Some value of the type: recorded types keep what they are given and judge nothing.
  fileprivate static func instance<T: Decodable>(of type: T.Type) throws -> T {
    let plain: Any? =
      switch type {
      case is String.Type: ""
      case is Bool.Type: false
      case is Int.Type: 0
      case is Int64.Type: Int64(0)
      case is Double.Type: 0.0
      case let type as any Recordable.Type: type.recorded
      case let type as any TextChoice.Type: first(of: type)
      default: nil
      }
    return try plain as? T ?? T(from: SchemaRecorder())
  }

  private static func first<T: TextChoice>(of type: T.Type) -> Any? { type.allCases.first }

  /// A type that asks for what the recorder does not know how to give.
  struct NotFollowed: Error {}
}

/// A type that has a value without asking for anything.
private protocol Recordable {
  static var recorded: Any { get }
}

extension String: SchemaSource { public static var schema: Schema { .text() } }
extension Bool: SchemaSource { public static var schema: Schema { .flag } }
extension Int: SchemaSource { public static var schema: Schema { .integer } }
extension Int64: SchemaSource { public static var schema: Schema { .integer } }
extension Double: SchemaSource { public static var schema: Schema { .number } }

extension Array: SchemaSource where Element: Decodable {
  public static var schema: Schema { .list(Schema(of: Element.self)) }
}

extension Array: Recordable where Element: Decodable {
  fileprivate static var recorded: Any { [Element]() }
}

extension Dictionary: SchemaSource where Key == String, Value: Decodable {
  public static var schema: Schema { .map(Schema(of: Value.self)) }
}

extension Dictionary: Recordable where Key == String, Value: Decodable {
  fileprivate static var recorded: Any { [String: Value]() }
}

private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let recorder: SchemaRecorder
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { [] }

  /// Only who takes a missing member asks.
  func contains(_ key: Key) -> Bool {
    recorder.isAskedWhetherThere()
    return true
  }

  func decodeNil(forKey key: Key) throws -> Bool { false }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try recorder.note(type, as: key.stringValue)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { throw SchemaRecorder.NotFollowed() }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    throw SchemaRecorder.NotFollowed()
  }
  func superDecoder() throws -> any Decoder { throw SchemaRecorder.NotFollowed() }
  func superDecoder(forKey key: Key) throws -> any Decoder { throw SchemaRecorder.NotFollowed() }
}

private struct Single: SingleValueDecodingContainer {
  let recorder: SchemaRecorder
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { false }
  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    recorder.value = Schema(of: type)
    return try SchemaRecorder.instance(of: type)
  }
}
