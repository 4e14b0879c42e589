/// What a property of an event or a profile can be. Numbers are IEEE doubles; identifiers belong in strings.
public enum Value: Hashable, Sendable {
  case string(String)
  case number(Double)
  case bool(Bool)
  case list([Value])
}

extension Value: CustomStringConvertible {
  /// As a person would write it: whole numbers without a fraction, lists with commas.
  public var description: String {
    switch self {
    case .string(let text): text
    case .number(let number):
      // Without `rounded()`, which is the C library's: programs that use these modules alone do not link it.
      number.magnitude < 0x1p54 && Double(Int64(number)) == number ? String(Int64(number)) : String(number)
    case .bool(let flag): flag ? "true" : "false"
    case .list(let values): values.map(\.description).joined(separator: ", ")
    }
  }
}

/// One named value. Nested objects arrive flattened: `{"item": {"name": "x"}}` is the property `item.name`.
public struct Property: Hashable, Sendable {
  public var name: String
  public var value: Value
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

extension [Property] {
  /// The value of that name, if there is one. Linear: events have a handful of properties.
  public subscript(name: String) -> Value? {
    get {
      for property in self where property.name == name { return property.value }
      return nil
    }
    set {
      let index = firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): self[index].value = value
      case (let index?, nil): remove(at: index)
      case (nil, let value?): append(Property(name, value))
      case (nil, nil): break
      }
    }
  }
}
