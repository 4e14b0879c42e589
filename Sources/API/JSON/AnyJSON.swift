/// Any JSON, as a value: where a document's members are the user's own, and between a wire type and its text.
public enum AnyJSON: Codable, Hashable, Sendable {
  case null
  case flag(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case list([AnyJSON])
  /// In the order in which they are written.
  case object([Member])

  public struct Member: Hashable, Sendable {
    public var name: String
    public var value: AnyJSON

    public init(_ name: String, _ value: AnyJSON) {
      self.name = name
      self.value = value
    }
  }

  /// A member of an object; nil where there is none.
  public subscript(name: String) -> AnyJSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  public var members: [Member] { if case .object(let members) = self { members } else { [] } }
  public var items: [AnyJSON] { if case .list(let items) = self { items } else { [] } }

  /// With the members in the order of their names.
  public static func object(_ members: [String: AnyJSON]) -> AnyJSON {
    .object(members.sorted { $0.key < $1.key }.map { Member($0.key, $0.value) } as [Member])
  }

  public init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: Name.self) {
      self = .object(
        try Dictionary(
          uniqueKeysWithValues: container.allKeys.map { ($0.text, try container.decode(Self.self, forKey: $0)) }))
      return
    }
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Int64.self) {
      self = .integer(number)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      self = .list(try container.decode([AnyJSON].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if case .object(let members) = self {
      var container = encoder.container(keyedBy: Name.self)
      for member in members { try container.encode(member.value, forKey: Name(text: member.name)) }
      return
    }
    var container = encoder.singleValueContainer()
    switch self {
    case .null, .object: try container.encodeNil()
    case .flag(let flag): try container.encode(flag)
    case .integer(let number): try container.encode(number)
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .list(let items): try container.encode(items)
    }
  }

  private struct Name: CodingKey {
    let text: String
    var stringValue: String { text }
    var intValue: Int? { nil }
    init(text: String) { self.text = text }
    init?(stringValue: String) { text = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension AnyJSON: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral text: String) { self = .text(text) }
  public init(floatLiteral number: Double) { self = .number(number) }
  public init(integerLiteral number: Int) { self = .integer(Int64(number)) }
  public init(booleanLiteral flag: Bool) { self = .flag(flag) }
  public init(arrayLiteral items: AnyJSON...) { self = .list(items) }
  public init(dictionaryLiteral members: (String, AnyJSON)...) { self = .object(members.map { Member($0, $1) }) }
}
