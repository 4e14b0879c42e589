/// A member that is always there and may be null, unlike an optional one, which is left out when it is nil.
@propertyWrapper
public struct OrNull<Value: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
  public var wrappedValue: Value?

  public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}

extension OrNull: SchemaSource {
  public static var schema: Schema { .orNull(Schema(of: Value.self)) }
}

extension KeyedDecodingContainer {
  /// Who reads an answer takes a missing member for null.
  public func decode<Value>(_ type: OrNull<Value>.Type, forKey key: Key) throws -> OrNull<Value> {
    guard contains(key) else { return OrNull(wrappedValue: nil) }
    return try decodeIfPresent(type, forKey: key) ?? OrNull(wrappedValue: nil)
  }
}
