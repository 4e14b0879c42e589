import AttuneModel

extension Rule {
  /// Compiles one document. Nil when something is wrong with it, and then diagnostics tell what.
  init?(reading node: Node, zone: Zone, _ diagnostics: inout Diagnostics) {
    let before = diagnostics.errors.count
    guard var fields = Fields(node, "a rule", &diagnostics) else { return nil }
    let name = fields.require("rule", &diagnostics, hint: "rule: a-name")?.name("a rule's name", &diagnostics)
    let toNode = fields.take("to")
    let keyNode = fields.take("key")
    let key = Self.readKey(keyNode, &diagnostics)
    let to = Self.readAddressee(toNode, key, at: keyNode?.mark ?? node.mark, &diagnostics)
    let modeNode = fields.take("mode")
    let mode = modeNode?.choice("a mode", of: ["live", "shadow"], &diagnostics)
    let pattern = PatternReader(zone: zone, key: key, addressee: to).read(&fields, &diagnostics)
    fields.finish(&diagnostics)
    guard diagnostics.errors.count == before, let name, let pattern else { return nil }
    version = 1
    serial = 0
    self.pattern = pattern
    origin = Origin(
      name: name, mode: mode == "shadow" ? .shadow : .live, key: key, addressee: to, source: node, zone: zone)
  }

  private static let mostKeyParts = 8

  private static func readKey(_ node: Node?, _ diagnostics: inout Diagnostics) -> [String] {
    guard let node else { return ["user"] }
    var names: [String] = []
    for item in node.items {
      guard let name = item.name("a property of the key", &diagnostics) else { continue }
      if names.contains(name) {
        diagnostics.error(item.mark, "'\(name)' is twice in the key", hint: "keep one of them")
      } else if name == "ts" {
        diagnostics.error(item.mark, "an event's instant cannot be part of a key", hint: "key: [user, item]")
      } else {
        if let misnamed = Attribute.misnamed[name] {
          diagnostics.warning(item.mark, misnamed.message, hint: misnamed.hint)
        }
        names.append(name)
      }
    }
    if node.items.isEmpty { diagnostics.error(node.mark, "a key needs at least one property", hint: "key: user") }
    if names.count > mostKeyParts {
      diagnostics.error(node.mark, "a key has at most \(mostKeyParts) properties, this one has \(names.count)")
    }
    return names
  }

  /// `user` where nothing is said.
  private static func readAddressee(
    _ node: Node?, _ key: [String], at place: Mark, _ diagnostics: inout Diagnostics
  ) -> String {
    if let node {
      guard let name = node.name("an addressee", &diagnostics) else { return "user" }
      if let misnamed = Attribute.misnamed[name] {
        diagnostics.warning(node.mark, misnamed.message, hint: misnamed.hint)
      }
      if name == "ts" || name == "type" {
        diagnostics.error(
          node.mark, "'\(name)' names nobody", hint: "to: a part of the key, or a property of the matched events")
      }
      return name
    }
    if !key.isEmpty, !key.contains("user") {
      diagnostics.error(
        place, "a key without 'user' does not tell whom a match is for",
        hint:
          "'to:' names the property that holds a user's id; or add user: key: [user, \(key.joined(separator: ", "))]")
    }
    return "user"
  }
}
