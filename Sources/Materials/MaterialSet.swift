public import AttuneModel

/// What a business can say, and how one of it is chosen.
public struct MaterialSet: Hashable, Sendable {
  /// How one of the materials is chosen.
  public enum Method: String, Hashable, Sendable, CaseIterable {
    /// The first that can be filled.
    case fixed
    /// In proportion to the weights, by a stable hash.
    case weighted
    /// The one that clicks so far and what is known of the user speak for; a weight of 0 withdraws one.
    case learned
  }

  /// In the order they were written.
  public let all: [Material]
  public let method: Method
  /// Those that can be chosen.
  let eligible: [Material]
}

extension MaterialSet {
  /// Reads a business's `materials:` and `choose:`. `known` are the names that its rule emits.
  public init?(
    reading list: Node, choose: Node?, otherwise: Method = .fixed, known: [String]?, _ diagnostics: inout Diagnostics
  ) {
    let errors = diagnostics.errors.count
    let method = choose.map { Self.method($0, &diagnostics) } ?? otherwise
    all = Self.materials(list, known: known, &diagnostics)
    guard let method, diagnostics.errors.count == errors else { return nil }
    self.method = method
    eligible = method != .fixed ? all.filter { $0.weight > 0 } : all
    if eligible.isEmpty {
      diagnostics.error(list.mark, "all weights are zero", hint: "give at least one material a weight above 0")
      return nil
    }
    if choose == nil, method == .fixed, all.count > 1 {
      diagnostics.warning(
        list.mark,
        "of \(all.count) materials the first that can be filled is shown to everybody, as a rule '\(all[0].id)'",
        hint: "write 'choose: learned' or 'choose: weighted', or 'choose: fixed' if that is meant")
    }
    if method == .fixed, let odd = all.first(where: { $0.weight != 1 }) {
      diagnostics.warning(list.mark, "the weight of '\(odd.id)' is not used", hint: "write 'choose: weighted'")
    }
  }

  private static func method(_ node: Node, _ diagnostics: inout Diagnostics) -> Method? {
    let words = Method.allCases.map(\.rawValue)
    return node.choice("how a material is chosen", of: words, &diagnostics).flatMap(Method.init)
  }

  private static func materials(
    _ list: Node, known: [String]?, _ diagnostics: inout Diagnostics
  ) -> [Material] {
    let items = list.items
    guard (1...1000).contains(items.count) else {
      diagnostics.error(
        list.mark, items.isEmpty ? "there is no material" : "there are more than 1000 materials",
        hint: "materials are a list of { id, title, body, weight }")
      return []
    }
    var places: [String: Mark] = [:]
    var materials: [Material] = []
    for node in items {
      guard let material = Material(reading: node, known: known, &diagnostics) else { continue }
      if let first = places.updateValue(node.mark, forKey: material.id) {
        diagnostics.error(
          node.mark, "there are two materials '\(material.id)'", hint: "the other one is at \(first)")
      }
      materials.append(material)
    }
    return materials
  }
}
