import Learning
public import Model

/// `materials: [{ copy: spring-1 }, ...]`: a business or a campaign that names copies of the library.
extension Node {
  private static let own = ["id", "title", "body", "prior"]

  /// Whether there is anything to spell out.
  public var namesCopies: Bool { self["materials"]?.items.contains { $0["copy"] != nil } ?? false }

  /// The document with every copy spelled out: `{ copy: ID, ... }` has become `{ id, title, body, prior, ... }`. From here
  /// on it needs no library, so that it can be journaled and read again. What names no copy stays as it is.
  public func spellingOut(_ library: CopyLibrary, _ diagnostics: inout Diagnostics) -> Node {
    guard case .mapping(var entries) = content else { return self }
    for index in entries.indices where entries[index].key == "materials" {
      guard case .sequence(let materials) = entries[index].value.content else { continue }
      var spelled: [Node] = []
      for material in materials { spelled.append(material.material(from: library, &diagnostics)) }
      entries[index].value.content = .sequence(spelled)
    }
    return Node(.mapping(entries), mark: mark)
  }

  /// The document without what was believed when its copies were spelled out: two that are alike in this say the same.
  public var withoutPriors: Node {
    guard case .mapping(var entries) = content else { return self }
    for index in entries.indices where entries[index].key == "materials" {
      guard case .sequence(let materials) = entries[index].value.content else { continue }
      entries[index].value.content = .sequence(
        materials.map { material in
          guard case .mapping(let parts) = material.content else { return material }
          return Node(.mapping(parts.filter { $0.key != "prior" }), mark: material.mark)
        })
    }
    return Node(.mapping(entries), mark: mark)
  }

  private func material(from library: CopyLibrary, _ diagnostics: inout Diagnostics) -> Node {
    guard case .mapping(let entries) = content, let named = entries.first(where: { $0.key == "copy" }) else {
      return self
    }
    if let extra = entries.first(where: { Self.own.contains($0.key) }) {
      diagnostics.error(
        extra.keyMark, "a copy of the library brings its own '\(extra.key)'", hint: "leave out this, or 'copy'")
      return self
    }
    guard let id = named.value.text("the id of a copy", &diagnostics) else { return self }
    guard let copy = library[id]?.copy else {
      let near = library.nearest(to: id).map { "did you mean '\($0)'?" }
      diagnostics.error(named.value.mark, "there is no copy '\(id)' in the library", hint: near)
      return self
    }
    let prior = library.prior(for: copy)
    func entry(_ key: String, _ content: Content) -> Entry {
      Entry(key: key, keyMark: named.keyMark, value: Node(content, mark: named.value.mark))
    }
    func number(_ key: String, _ number: Double) -> Entry {
      entry(key, .scalar(Value.number(number).description, quoted: false))
    }
    let words = [
      entry("id", .scalar(copy.id, quoted: true)), entry("title", .scalar(copy.title, quoted: true)),
      entry("body", .scalar(copy.body, quoted: true)),
      entry("prior", .mapping([number("rate", prior.mean), number("sends", prior.strength)])),
    ]
    return Node(.mapping(words + entries.filter { $0.key != "copy" }), mark: mark)
  }
}
