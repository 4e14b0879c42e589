/// What a property of an event or a profile can be. Numbers are IEEE doubles; identifiers belong in strings.
///
/// Texts are compared byte by byte. The doors bring `é` in its two spellings to one (NFC), so that they are one there.
public enum Value: Hashable, Sendable {
  case string(String)
  case number(Double)
  case bool(Bool)
  case list([Value])

  public static func == (a: Value, b: Value) -> Bool {
    switch (a, b) {
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.number(let a), .number(let b)): a == b
    case (.bool(let a), .bool(let b)): a == b
    case (.list(let a), .list(let b)): a == b
    default: false
    }
  }
}

extension Value: CustomStringConvertible {
  /// As a program reads it back: whole numbers by their digits, others with all they have; lists with commas.
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

extension Value {
  /// As a person reads it: of a number with a fraction 12 digits, so that `19.99 - 9.99` is 10.
  public var shown: String {
    switch self {
    case .number(let number): number.isFinite ? number.shown : description
    case .list(let values): values.map(\.shown).joined(separator: ", ")
    case .string, .bool: description
    }
  }

  /// The id of a user, where it is one: a text, or a whole number by its digits, as in events. Nil: nobody's.
  public var userID: String? {
    switch self {
    case .string(let text): text.isUserID ? text : nil
    case .number(let number):
      number.magnitude < 0x1p53 && Double(Int64(number)) == number ? String(Int64(number)) : nil
    case .bool, .list: nil
    }
  }
}

extension String {
  /// Bytes of a user's id.
  public static let userIDBytes = 256

  /// Whether events take it for the id of a user.
  public var isUserID: Bool { !isEmpty && utf8.count <= Self.userIDBytes && utf8.allSatisfy { $0 >= 0x20 } }

  /// Whether people can read all of it: of the control characters of ASCII they know line breaks and tabs alone.
  public var isReadable: Bool { utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 } }
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

extension [Property] {
  /// Brings a profile to what a patch says (as RFC 7396 has it): a value takes the place of all that lay under its name,
  /// and of one above it; nil clears the name and all under it.
  public mutating func apply(_ change: ProfilePatch.Change) {
    removeAll { $0.name.isUnder(change.name) || (change.value != nil && change.name.isUnder($0.name)) }
    self[change.name] = change.value
  }
}

extension String {
  /// Whether it is a name within another's: `name.zh` in `name`.
  fileprivate func isUnder(_ name: String) -> Bool {
    utf8.count > name.utf8.count && utf8.starts(with: name.utf8)
      && utf8.dropFirst(name.utf8.count).first == UInt8(ascii: ".")
  }
}
