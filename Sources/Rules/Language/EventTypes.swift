import AttuneModel

/// Which events a step is about.
enum EventTypes: Hashable, Sendable {
  case any
  case some([String])

  func contains(_ type: String) -> Bool {
    switch self {
    case .any: true
    case .some(let types): types.contains(type)
    }
  }

  /// Whether it has every type of the other.
  func covers(_ other: EventTypes) -> Bool {
    switch (self, other) {
    case (.any, _): true
    case (.some, .any): false
    case (.some(let types), .some(let others)): others.allSatisfy(types.contains)
    }
  }

  /// Whether some type is one of both.
  func overlaps(_ other: EventTypes) -> Bool {
    switch (self, other) {
    case (_, .any), (.any, _): true
    case (.some(let names), .some(let others)): names.contains(where: others.contains)
    }
  }

  /// The most types one list may name.
  static let most = 64

  /// A type, a list of types, or `any`.
  init?(reading node: Node, _ diagnostics: inout Diagnostics) {
    if node.scalar == "any" {
      self = .any
      return
    }
    if let any = node.items.first(where: { $0.scalar == "any" }) {
      diagnostics.error(any.mark, "'any' stands alone: it is every type", hint: "write any, without a list")
      return nil
    }
    guard node.items.count <= Self.most else {
      diagnostics.error(node.mark, "a list has at most \(Self.most) event types, this one has \(node.items.count)")
      return nil
    }
    let names = node.items.compactMap { $0.name("an event type", &diagnostics) }
    guard !names.isEmpty, names.count == node.items.count else {
      if node.items.isEmpty {
        diagnostics.error(node.mark, "expected an event type", hint: "view, [view, cart] or any")
      }
      return nil
    }
    self = .some(names)
  }
}
