import AttuneModel
import Codec

/// A named value, in an event or in a change of a profile.
protocol FlatMember {
  var name: String { get }
  /// Nil where null means that there is nothing.
  init?(name: String, valueOrNull: Value?)
}

extension Property: FlatMember {
  init?(name: String, valueOrNull: Value?) {
    guard let value = valueOrNull else { return nil }
    self.init(name, value)
  }
}

extension ProfilePatch.Change: FlatMember {
  init?(name: String, valueOrNull: Value?) { self.init(name, valueOrNull) }
}

/// Flattens what is nested: `{"item": {"name": "x"}}` becomes `item.name`.
struct FlatMembers<Member: FlatMember> {
  let limits: Limits
  private(set) var members: [Member] = []

  init(limits: Limits) { self.limits = limits }

  /// Reads the value that comes next as one member, or an object as many. A refusal points from the value on.
  mutating func read(_ name: String, from scanner: inout JSONScanner, level: Int = 1) throws(Refusal) {
    let kind = try scanner.kind()
    let start = scanner.position
    try scanner.check(name: name, "the name of a property", upTo: limits.propertyNameBytes, at: start)
    switch kind {
    case .object:
      try readObject(name, from: &scanner, level: level + 1)
      return
    case .null:
      try scanner.null()
      try add(name, nil, at: start)
    case .array: try add(name, list(from: &scanner), at: start)
    default: try add(name, scalar(kind, from: &scanner), at: start)
    }
  }

  private mutating func readObject(_ name: String, from scanner: inout JSONScanner, level: Int) throws(Refusal) {
    guard level <= limits.depth else {
      throw Refusal(.tooDeep, "objects nest deeper than \(limits.depth) levels", offset: scanner.position)
    }
    scanner.enter()
    var isFirst = true
    while let key = try scanner.nextKey(&isFirst) {
      do throws(Refusal) {
        guard !key.isEmpty else {
          throw Refusal(.empty, "the name of a property is empty", offset: scanner.position)
        }
        try read("\(name).\(key)", from: &scanner, level: level)
      } catch { throw error.inside(key) }
    }
  }

  private func list(from scanner: inout JSONScanner) throws(Refusal) -> Value {
    scanner.enter()
    var values: [Value] = []
    var isFirst = true
    while try scanner.nextElement(&isFirst) {
      do throws(Refusal) {
        let kind = try scanner.kind()
        guard values.count < limits.listItems else {
          throw Refusal(.tooMany, "a list has at most \(limits.listItems) items", offset: scanner.position)
        }
        values.append(try scalar(kind, from: &scanner))
      } catch { throw error.inside("\(values.count)") }
    }
    return .list(values)
  }

  private func scalar(_ kind: JSONScanner.Kind, from scanner: inout JSONScanner) throws(Refusal) -> Value {
    switch kind {
    case .string:
      let start = scanner.position
      let text = try scanner.string()
      guard text.utf8.count <= limits.textBytes else {
        throw Refusal(
          .tooLong, "the text has \(text.utf8.count) bytes of at most \(limits.textBytes)", offset: start)
      }
      return .string(text)
    case .number: return try scanner.exactNumber()
    case .bool: return .bool(try scanner.bool())
    case .object, .array, .null:
      throw Refusal(
        .wrongType, "a list holds texts, numbers and booleans, found \(kind.name)",
        hint: "send one event for each, or a list for each field", offset: scanner.position)
    }
  }

  private mutating func add(_ name: String, _ value: Value?, at offset: Int) throws(Refusal) {
    guard let member = Member(name: name, valueOrNull: value) else { return }
    guard members.count < limits.properties else {
      throw Refusal(.tooMany, "more than \(limits.properties) properties", offset: offset)
    }
    for known in members where known.name == name {
      throw Refusal(.duplicate, "'\(name)' is given twice", hint: "keep one of them", offset: offset)
    }
    members.append(member)
  }
}
