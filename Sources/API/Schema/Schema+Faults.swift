import AttuneModel

extension Schema {
  /// Where JSON is not what the schema says.
  public struct Fault: Hashable, Sendable {
    /// As RFC 6901 writes it; empty for the whole.
    public var pointer: String
    public var message: String
    public var hint: String?
    /// Whether a member has a name that means nothing.
    public var isUnknownMember = false
  }

  /// Everything that is wrong with a value, in its order. A member of a name that the schema does not have is wrong where
  /// an object is not open.
  public func faults(in json: AnyJSON, at pointer: String = "") -> [Fault] {
    switch (self, json) {
    case (.any, _), (.text, .text), (.flag, .flag), (.integer, .integer), (.number, .integer), (.number, .number),
      (.textOrInteger, .text), (.textOrInteger, .integer), (.orNull, .null):
      return []
    case (.choice(let texts), .text(let text)):
      if texts.contains(text) { return [] }
      return [
        Fault(pointer: pointer, message: "'\(text)' is not one of \(texts.joined(separator: ", "))")
      ]
    case (.orNull(let schema), _): return schema.faults(in: json, at: pointer)
    case (.list(let item), .list(let items)):
      return items.enumerated().flatMap { item.faults(in: $1, at: "\(pointer)/\($0)") }
    case (.map(let value), .object(let members)):
      return members.flatMap { value.faults(in: $0.value, at: pointer + $0.name.asPointer) }
    case (.either(let schemas), _):
      let faults = schemas.map { $0.faults(in: json, at: pointer) }
      return faults.contains { $0.isEmpty } ? [] : faults.min { $0.count < $1.count } ?? []
    case (.object(let object), .object(let members)): return object.faults(in: members, at: pointer)
    default: return [Fault(pointer: pointer, message: "it is not \(words)")]
    }
  }

  private var words: String {
    switch self {
    case .text: "text"
    case .integer: "a whole number"
    case .number: "a number"
    case .flag: "true or false"
    case .choice(let texts): "one of \(texts.joined(separator: ", "))"
    case .textOrInteger: "text or a whole number"
    case .list: "a list"
    case .map, .object: "an object"
    case .either: "any of the things it may be"
    case .orNull(let schema): schema.words
    case .any: "JSON"
    }
  }
}

extension Schema.Object {
  fileprivate func faults(in given: [AnyJSON.Member], at pointer: String) -> [Schema.Fault] {
    var faults: [Schema.Fault] = []
    for one in given {
      let inside = pointer + one.name.asPointer
      if let member = members.first(where: { $0.name == one.name }) {
        faults += member.schema.faults(in: one.value, at: inside)
      } else if !isOpen {
        faults.append(
          Schema.Fault(
            pointer: inside, message: "there is no member '\(one.name.prefix(64))' here",
            hint: nearestHint(to: one.name, among: members.map(\.name)), isUnknownMember: true))
      }
    }
    for member in members where member.isRequired && !given.contains(where: { $0.name == member.name }) {
      faults.append(Schema.Fault(pointer: pointer + member.name.asPointer, message: "'\(member.name)' is missing"))
    }
    return faults
  }
}

/// What to tell of a name that means nothing: the nearest that does, else all of them.
public func nearestHint(to name: String, among known: [String]) -> String {
  if let near = nearest(to: name, among: known) { return "did you mean '\(near)'?" }
  return known.isEmpty ? "there are none" : "one of \(known.joined(separator: ", "))"
}

extension String {
  /// One step of a pointer (RFC 6901).
  fileprivate var asPointer: String { "/" + replacing("~", with: "~0").replacing("/", with: "~1") }
}
