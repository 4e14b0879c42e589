extension AnyJSON {
  /// What a value's `Encodable` conformance makes of it: members in the order of their declaration, a map's in the order
  /// of their names.
  /// - Precondition: its types open no containers within containers by hand, as no synthesized conformance does.
  /// - Throws: what the value's `encode(to:)` throws.
  public init(encoding value: some Encodable) throws {
    switch value {
    case let json as AnyJSON: self = json
    case let text as String: self = .text(text)
    case let flag as Bool: self = .flag(flag)
    case let number as Int: self = .integer(Int64(number))
    case let number as Int64: self = .integer(number)
    case let number as Double: self = .number(number)
    case let map as any TextMap: self = try map.json()
    default:
      let encoding = AnyJSONEncoding()
      try value.encode(to: encoding)
      self = encoding.json
    }
  }
}

/// What one value writes itself to.
private final class AnyJSONEncoding: Encoder {
  /// What it has said so far: one value, else members or items.
  var value: AnyJSON?
  var members: [AnyJSON.Member] = []
  var items: [AnyJSON]?
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  var json: AnyJSON { value ?? items.map(AnyJSON.list) ?? .object(members) }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(EncodedMembers(encoding: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    items = []
    return EncodedItems(encoding: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { EncodedValue(encoding: self) }

  func add(_ name: String, _ value: AnyJSON) { members.append(AnyJSON.Member(name, value)) }
  func add(_ value: AnyJSON) { items?.append(value) }
}

private struct EncodedMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoding: AnyJSONEncoding
  var codingPath: [any CodingKey] { [] }

  func encodeNil(forKey key: Key) { encoding.add(key.stringValue, .null) }
  func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    encoding.add(key.stringValue, try AnyJSON(encoding: value))
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> { unsupported() }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { unsupported() }
  func superEncoder() -> any Encoder { unsupported() }
  func superEncoder(forKey key: Key) -> any Encoder { unsupported() }
}

private struct EncodedItems: UnkeyedEncodingContainer {
  let encoding: AnyJSONEncoding
  var codingPath: [any CodingKey] { [] }
  var count: Int { encoding.items?.count ?? 0 }

  func encodeNil() { encoding.add(.null) }
  func encode<T: Encodable>(_ value: T) throws { encoding.add(try AnyJSON(encoding: value)) }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    unsupported()
  }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { unsupported() }
  func superEncoder() -> any Encoder { unsupported() }
}

private struct EncodedValue: SingleValueEncodingContainer {
  let encoding: AnyJSONEncoding
  var codingPath: [any CodingKey] { [] }

  func encodeNil() { encoding.value = .null }
  func encode<T: Encodable>(_ value: T) throws { encoding.value = try AnyJSON(encoding: value) }
}

/// A dictionary by text: its members have no order of their own.
private protocol TextMap {
  func json() throws -> AnyJSON
}

extension Dictionary: TextMap where Key == String, Value: Encodable {
  fileprivate func json() throws -> AnyJSON { .object(try mapValues { try AnyJSON(encoding: $0) }) }
}

/// A wire type nests types, not containers.
private func unsupported() -> Never { preconditionFailure("a wire type opens no container within a container") }
