import Model

/// Reads the list under `pattern`.
struct StepsReader {
  let zone: Zone

  /// The steps as far as the list alone tells; `kept` is filled in when every expression has been read.
  struct Draft {
    var steps: [Pattern.Step] = []
    var absence: Pattern.Absence?
    var scope = Scope()
  }

  static let most = 16
  /// The most repetitions one step may ask for ...
  static let mostTimes = 1000
  /// ... and those that `n+` takes beyond its n: an attempt holds its events, so there has to be an end.
  static let mostOpenTimes = 256

  private static let kinds = ["on", "then", "not"]
  private static let notYetKinds = ["thenAny", "next", "notNext"]
  private static let notYet = [
    "optional", "gap", "consecutive", "combinations", "same", "distinct", "greedy", "until",
  ]

  /// One entry of the list, before its expressions are read.
  private struct Item {
    var kind: String
    var types: EventTypes
    var alias: String?
    var condition: Node?
    var times: ClosedRange<Int>?
    var span: Node?
    var mark: Mark
  }

  func read(_ node: Node, _ diagnostics: inout Diagnostics) -> Draft? {
    let nodes = node.items
    if nodes.isEmpty {
      diagnostics.error(node.mark, "a pattern needs at least one step", hint: "pattern: [{ on: view }]")
    }
    if nodes.count > Self.most {
      diagnostics.error(node.mark, "a pattern has at most \(Self.most) steps, this one has \(nodes.count)")
      return nil
    }
    let items = nodes.compactMap { readItem($0, &diagnostics) }
    guard !items.isEmpty, items.count == nodes.count else { return nil }
    checkOrder(items, &diagnostics)
    return draft(items, &diagnostics)
  }

  private func readItem(_ node: Node, _ diagnostics: inout Diagnostics) -> Item? {
    guard var fields = Fields(node, "a step", &diagnostics) else { return nil }
    let kinds = Self.kinds.compactMap { kind in fields.take(kind).map { (kind, $0) } }
    fields.refuse(Self.notYetKinds + Self.notYet, in: node, &diagnostics)
    let aliasNode = fields.take("as")
    let alias = aliasNode.flatMap { readAlias($0, &diagnostics) }
    let condition = fields.take("where")
    let times = fields.take("times")
    let span = fields.take("for")
    fields.finish(&diagnostics)
    guard let (kind, typesNode) = kinds.first else {
      if case .mapping(let entries) = node.content, !entries.contains(where: { Self.notYetKinds.contains($0.key) }) {
        diagnostics.error(node.mark, "a step needs one of on, then, not", hint: "{ on: view }")
      }
      return nil
    }
    if kinds.count > 1 {
      diagnostics.error(
        kinds[1].1.mark, "a step is either '\(kind)' or '\(kinds[1].0)', not both", hint: "make it two steps")
    }
    guard let types = EventTypes(reading: typesNode, &diagnostics) else { return nil }
    if kind == "not" {
      for (name, part) in [("as", aliasNode), ("times", times)] {
        if let part { diagnostics.error(part.mark, "'not' takes no '\(name)': nothing is matched by it") }
      }
    } else if let span {
      diagnostics.error(span.mark, "'for' belongs to a 'not' at the end", hint: "- { not: \(kind), for: 30m }")
    }
    return Item(
      kind: kind, types: types, alias: alias, condition: condition,
      times: times.map { readTimes($0, &diagnostics) }, span: span, mark: node.mark)
  }

  private func checkOrder(_ items: [Item], _ diagnostics: inout Diagnostics) {
    if items[0].kind != "on" {
      diagnostics.error(items[0].mark, "the first step is an 'on', this is a '\(items[0].kind)'", hint: "- on: view")
    }
    for item in items.dropFirst() where item.kind == "on" {
      diagnostics.error(item.mark, "only the first step is an 'on'", hint: "write 'then'")
    }
    for item in items.dropLast() {
      if let span = item.span, item.kind == "not" {
        diagnostics.error(
          span.mark, "'for' belongs to the last step", hint: "a 'not' between steps lasts until the next one")
      }
    }
  }

  private func draft(_ items: [Item], _ diagnostics: inout Diagnostics) -> Draft? {
    let positive = items.filter { $0.kind != "not" }
    guard items[0].kind != "not" else { return nil }
    let aliases = positive.map(\.alias)
    for (index, item) in positive.enumerated() {
      if let alias = item.alias, aliases[..<index].contains(alias) {
        diagnostics.error(item.mark, "two steps are called '\(alias)'", hint: "give each its own name")
      }
    }
    var draft = Draft(scope: Scope(aliases: aliases))
    draft.scope.seesEvent = true
    for item in items {
      // A step sees the events matched before it, not its own.
      draft.scope.visible = draft.steps.count
      let condition = item.condition.flatMap {
        Expression.read($0, as: .condition, &draft.scope, zone, &diagnostics)
      }
      let filter = Pattern.Filter(types: item.types, condition: condition)
      if item.kind == "not" {
        draft.steps[draft.steps.count - 1].forbidden.append(filter)
      } else {
        let label = item.alias ?? madeUpLabel(item.types, beside: draft.steps.map(\.label) + aliases.compactMap { $0 })
        draft.steps.append(
          Pattern.Step(label: label, fit: filter, times: item.times ?? 1...1, kept: [], forbidden: []))
      }
    }
    if let last = items.last, last.kind == "not" {
      draft.absence = last.span.map { readSpan($0, &diagnostics) } ?? .untilWithin
    }
    draft.scope.visible = draft.steps.count
    draft.scope.seesEvent = false
    return draft
  }

  private func readSpan(_ node: Node, _ diagnostics: inout Diagnostics) -> Pattern.Absence {
    guard let span = node.span("'for'", &diagnostics) else { return .after(.zero) }
    if span <= .zero { diagnostics.error(node.mark, "'for' must be longer than nothing", hint: "for: 30m") }
    return .after(span)
  }

  /// The type, with a number when it is taken: `buy`, `buy2`.
  private func madeUpLabel(_ types: EventTypes, beside taken: [String]) -> String {
    let base = if case .some(let names) = types, names.count == 1 { names[0] } else { "any" }
    var label = base
    var number = 2
    while taken.contains(label) {
      label = "\(base)\(number)"
      number += 1
    }
    return label
  }
}

// The scalars of a step.
extension StepsReader {
  private func readAlias(_ node: Node, _ diagnostics: inout Diagnostics) -> String? {
    guard let name = node.name("an alias", &diagnostics) else { return nil }
    let reserved = Parser.words + Parser.functions + ["profile", "user", "type", "ts"]
    let scalars = name.unicodeScalars
    guard !reserved.contains(name), scalars.allSatisfy({ $0 == "_" || $0.properties.isAlphabetic || $0.isDigit }),
      scalars.first?.isDigit == false
    else {
      diagnostics.error(
        node.mark, "'\(name)' cannot be an alias", hint: "letters, digits and '_', and no word of the language")
      return nil
    }
    return name
  }

  /// `3`, `2..5` or `3+`.
  private func readTimes(_ node: Node, _ diagnostics: inout Diagnostics) -> ClosedRange<Int> {
    let hint = "write 3, 2..5 or 3+"
    let text = node.scalar ?? ""
    let range: (Int, Int)? =
      if text.hasSuffix("+") {
        count(text.dropLast()).map { ($0, $0 + Self.mostOpenTimes) }
      } else if let dots = text.firstIndex(of: "."), text[dots...].hasPrefix("..") {
        count(text[..<dots]).flatMap { low in count(text[dots...].dropFirst(2)).map { (low, $0) } }
      } else {
        count(text[...]).map { ($0, $0) }
      }
    guard let (low, high) = range else {
      diagnostics.error(node.mark, "expected 'times', a number of repetitions from 1 to \(Self.mostTimes)", hint: hint)
      return 1...1
    }
    guard low <= high else {
      diagnostics.error(node.mark, "'times' goes from the smaller to the larger number", hint: "write \(high)..\(low)")
      return 1...1
    }
    return low...high
  }

  private func count(_ text: Substring) -> Int? {
    guard text.unicodeScalars.allSatisfy(\.isDigit), let number = Int(text) else { return nil }
    return (1...Self.mostTimes).contains(number) ? number : nil
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}
