import Model

extension Rule {
  /// Compiles one document. Nil when something is wrong with it, and then diagnostics tell what.
  init?(reading node: Node, zone: Zone, _ diagnostics: inout Diagnostics) {
    let before = diagnostics.errors.count
    guard var fields = Fields(node, "a rule", &diagnostics) else { return nil }
    let name = fields.require("rule", &diagnostics, hint: "rule: a-name")?.name("a rule's name", &diagnostics)
    if let to = fields.take("to"), to.scalar != "user" {
      diagnostics.error(to.mark, "an addressee other than 'user' is not supported yet", hint: "leave 'to' out")
    }
    let key = Self.readKey(fields.take("key"), &diagnostics)
    let modeNode = fields.take("mode")
    let mode = modeNode?.choice("a mode", of: ["live", "shadow"], &diagnostics)
    let pattern = PatternReader(zone: zone).read(&fields, key: key, &diagnostics)
    fields.finish(&diagnostics)
    guard diagnostics.errors.count == before, let name, let pattern, let userPart = key.firstIndex(of: "user") else {
      return nil
    }
    version = 1
    serial = 0
    self.pattern = pattern
    origin = Origin(
      name: name, mode: mode == "shadow" ? .shadow : .live, key: key, userPart: userPart, source: node, zone: zone)
  }

  private static func readKey(_ node: Node?, _ diagnostics: inout Diagnostics) -> [String] {
    guard let node else { return ["user"] }
    var names: [String] = []
    for item in node.items {
      guard let name = item.name("a property of the key", &diagnostics) else { continue }
      if names.contains(name) {
        diagnostics.error(item.mark, "'\(name)' is twice in the key", hint: "keep one of them")
      } else {
        names.append(name)
      }
    }
    if !names.contains("user") {
      diagnostics.error(
        node.mark, "a key without 'user' is not supported yet", hint: "key: \((["user"] + names).inBrackets)")
    }
    return names
  }
}

extension Fields {
  /// Tells, with its place, of each key that RULES.md knows and this version does not.
  mutating func refuse(_ keys: [String], in node: Node, _ diagnostics: inout Diagnostics) {
    if case .mapping(let entries) = node.content {
      for entry in entries where keys.contains(entry.key) {
        diagnostics.error(entry.keyMark, "'\(entry.key)' is not supported yet")
      }
    }
    for key in keys { _ = take(key) }
  }
}

extension [String] {
  /// As YAML writes a list: `[a, b]`.
  fileprivate var inBrackets: String { "[\(joined(separator: ", "))]" }
}
