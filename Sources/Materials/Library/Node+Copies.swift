public import AttuneModel
import Learning

/// `materials: [{ copy: spring-1 }, ...]`: a campaign that names copies of the library.
extension Node {
  private static let own = ["id", "title", "body", "prior"]

  /// Whether there is anything to spell out.
  public var namesCopies: Bool { self["materials"]?.items.contains { $0["copy"] != nil } ?? false }

  /// The document with every copy spelled out: `{ copy: ID, ... }` has become `{ id, title, body, prior, ... }`. From here
  /// on it needs no library, so that it can be journaled and read again. What names no copy stays as it is.
  public func spellingOut(_ library: CopyLibrary, _ diagnostics: inout Diagnostics) -> Node {
    replacingCopies(&diagnostics) { named, diagnostics in
      if let copy = library[named.id]?.copy {
        return named.words(copy.title, copy.body) + [named.prior(library.prior(for: copy))]
      }
      let near = library.nearest(to: named.id).map { "did you mean '\($0)'?" }
      diagnostics.error(
        named.entry.value.mark, "there is no copy '\(named.id)' in the library",
        hint: near ?? "take it in with 'attune copies import'")
      return []
    }
  }

  /// The document as far as it can be checked without a library: each copy is there, by its id, with words that nobody
  /// is to see.
  public func standingIn(_ diagnostics: inout Diagnostics) -> Node {
    replacingCopies(&diagnostics) { named, _ in named.words("...", "...") }
  }

  /// The document without what was believed when its copies were spelled out: two that are alike in this say the same.
  public var withoutPriors: Node {
    replacingMaterials { material in
      guard case .mapping(let parts) = material.content else { return material }
      return Node(.mapping(parts.filter { $0.key != "prior" }), mark: material.mark)
    }
  }

  /// - Parameter words: what a copy brings; empty where there is none.
  private func replacingCopies(
    _ diagnostics: inout Diagnostics, by words: (NamedCopy, inout Diagnostics) -> [Entry]
  ) -> Node {
    replacingMaterials { material in
      guard case .mapping(var entries) = material.content, let index = entries.firstIndex(where: { $0.key == "copy" })
      else { return material }
      let copy = NamedCopy(entry: entries.remove(at: index))
      if let extra = entries.first(where: { Self.own.contains($0.key) }) {
        diagnostics.error(
          extra.keyMark, "a copy of the library brings its own '\(extra.key)'", hint: "leave out this, or 'copy'")
        entries.removeAll { Self.own.contains($0.key) }
      }
      return Node(.mapping(words(copy, &diagnostics) + entries), mark: material.mark)
    }
  }

  private func replacingMaterials(_ replacement: (Node) -> Node) -> Node {
    guard case .mapping(var entries) = content else { return self }
    for index in entries.indices where entries[index].key == "materials" {
      guard case .sequence(let materials) = entries[index].value.content else { continue }
      entries[index].value.content = .sequence(materials.map(replacement))
    }
    return Node(.mapping(entries), mark: mark)
  }
}

/// `copy: ID`: what is told of its words is told where it stands.
private struct NamedCopy {
  let entry: Node.Entry

  var id: String { entry.value.scalar ?? "" }

  func words(_ title: String, _ body: String) -> [Node.Entry] {
    let id = entry.value.scalar.map { Node.Content.scalar($0, quoted: true) }
    return [
      part("id", id ?? entry.value.content), part("title", .scalar(title, quoted: true)),
      part("body", .scalar(body, quoted: true)),
    ]
  }

  func prior(_ prior: Beta) -> Node.Entry {
    part(
      "prior",
      .mapping([
        number("rate", min(max(prior.mean, Material.leastRate), 1 - Material.leastRate)),
        number("sends", max(Material.leastPrior, prior.strength)),
      ]))
  }

  private func number(_ key: String, _ number: Double) -> Node.Entry {
    part(key, .scalar(Value.number(number).description, quoted: false))
  }

  private func part(_ key: String, _ content: Node.Content) -> Node.Entry {
    Node.Entry(key: key, keyMark: entry.keyMark, value: Node(content, mark: entry.value.mark))
  }
}
