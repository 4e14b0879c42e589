/// What two documents say differently at one place.
public struct NodeDifference: Hashable, Sendable {
  /// `fatigue.user.perDay`, `materials.gentle.title`; empty for a document that says something else altogether.
  public let path: String
  /// In one line, long ones cut; nil where there was nothing.
  public let before: String?
  public let after: String?
}

extension Node {
  /// What it says otherwise than another did, in the order it is written, then what is gone. Items of a list that have
  /// an `id` or a name are compared with those of the same one.
  public func differences(from before: Node) -> [NodeDifference] {
    var all: [NodeDifference] = []
    Self.compare(before, self, at: "", &all)
    return all
  }

  private static func compare(_ old: Node?, _ new: Node?, at path: String, _ all: inout [NodeDifference]) {
    guard let old, let new else {
      all.append(NodeDifference(path: path, before: old?.line, after: new?.line))
      return
    }
    if new.says(theSameAs: old) { return }
    guard let before = old.parts, let after = new.parts else {
      all.append(NodeDifference(path: path, before: old.line, after: new.line))
      return
    }
    let inside = path.isEmpty ? "" : path + "."
    let count = all.count
    for (key, node) in after { compare(before.first { $0.key == key }?.node, node, at: inside + key, &all) }
    for (key, node) in before where !after.contains(where: { $0.key == key }) {
      compare(node, nil, at: inside + key, &all)
    }
    // The same, in another order.
    if all.count == count { all.append(NodeDifference(path: path, before: old.keys, after: new.keys)) }
  }

  /// What it consists of, by name; nil for what is looked at as a whole.
  private var parts: [(key: String, node: Node)]? {
    switch content {
    case .mapping(let entries): return entries.map { ($0.key, $0.value) }
    case .sequence(let items):
      let named = items.compactMap(\.named)
      guard named.count == items.count, Set(named.map(\.key)).count == named.count,
        items.contains(where: { $0.scalar == nil })
      else { return nil }
      return named
    case .scalar, .null: return nil
    }
  }

  /// An item of a list, and what it is called: `{ id: a, ... }`, `{ rollout: 80% }`, `consent`.
  private var named: (key: String, node: Node)? {
    if let id = self["id"]?.scalar ?? scalar { return (id, self) }
    if case .mapping(let entries) = content, entries.count == 1 { return (entries[0].key, entries[0].value) }
    return nil
  }

  private var keys: String { (parts ?? []).map(\.key).joined(separator: ", ") }

  /// As it could be written in one line of YAML.
  private var line: String {
    let text = flow
    return text.count > 60 ? text.prefix(59) + "…" : text
  }

  private var flow: String {
    switch content {
    case .null: "null"
    case .scalar(let text, _): text.split(whereSeparator: \.isNewline).joined(separator: " ")
    case .sequence(let items): "[" + items.map(\.flow).joined(separator: ", ") + "]"
    case .mapping(let entries):
      "{ " + entries.map { "\($0.key): \($0.value.flow)" }.joined(separator: ", ") + " }"
    }
  }
}
