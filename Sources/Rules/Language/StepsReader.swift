import AttuneModel

/// Reads the list under `pattern`.
struct StepsReader {
  let zone: Zone
  let seesProfile: Bool

  /// The steps as far as the list alone tells; `kept` is filled in when every expression has been read.
  struct Draft {
    var steps: [Pattern.Step] = []
    /// Where each step was written.
    var marks: [Mark] = []
    var absence: Pattern.Absence?
    var scope = Scope()

    /// A trailing `notNext` alone: the very next event decides.
    var endsWithNext: Bool { absence == nil && steps.last?.forbiddenNext.isEmpty == false }
    var endsInAbsence: Bool { absence != nil || endsWithNext }
  }

  static let most = 16

  func read(_ node: Node, _ diagnostics: inout Diagnostics) -> Draft? {
    let nodes = node.items
    if nodes.isEmpty {
      diagnostics.error(node.mark, "a pattern needs at least one step", hint: "pattern: [{ on: view }]")
    }
    if nodes.count > Self.most {
      diagnostics.error(node.mark, "a pattern has at most \(Self.most) steps, this one has \(nodes.count)")
      return nil
    }
    let entries = nodes.compactMap { StepEntry(reading: $0, &diagnostics) }
    guard !entries.isEmpty, entries.count == nodes.count else { return nil }
    checkOrder(entries, &diagnostics)
    checkAliases(entries, &diagnostics)
    checkDoubles(entries, &diagnostics)
    guard entries[0].kind.isPositive else { return nil }
    return draft(entries, &diagnostics)
  }

  private func checkOrder(_ entries: [StepEntry], _ diagnostics: inout Diagnostics) {
    if entries[0].kind != .on {
      diagnostics.error(
        entries[0].mark, "the first step is an 'on', this is a '\(entries[0].kind)'", hint: "- on: view")
    } else if let gap = entries[0].gapMark, entries[0].times == 1...1 {
      diagnostics.error(gap, "'gap' has no meaning here: nothing is matched before this event", hint: "within: 2h")
    }
    for entry in entries.dropFirst() where entry.kind == .on {
      diagnostics.error(entry.mark, "only the first step is an 'on'", hint: "write 'then'")
    }
    let last = entries.lastIndex { $0.kind == .not }
    let end = entries.lastIndex { $0.kind.isPositive } ?? 0
    for (index, entry) in entries.enumerated() where entry.kind == .not && (index < end || index != last) {
      if let span = entry.span {
        diagnostics.error(
          span.mark, "'for' belongs to the last step", hint: "a 'not' between steps lasts until the next one")
      }
    }
  }

  private func checkAliases(_ entries: [StepEntry], _ diagnostics: inout Diagnostics) {
    for (index, entry) in entries.enumerated() {
      if let alias = entry.alias, entries[..<index].contains(where: { $0.alias == alias }) {
        diagnostics.error(entry.mark, "two steps are called '\(alias)'", hint: "give each its own name")
      }
    }
  }

  /// A `notNext` beside a `not` that forbids the same, and more.
  private func checkDoubles(_ entries: [StepEntry], _ diagnostics: inout Diagnostics) {
    for group in entries.split(whereSeparator: \.kind.isPositive) {
      for entry in group where entry.kind == .notNext {
        let covers = { (other: StepEntry) in
          other.kind == .not && other.types.covers(entry.types)
            && (other.condition == nil || other.condition?.scalar == entry.condition?.scalar)
        }
        if group.contains(where: covers) {
          diagnostics.warning(
            entry.mark, "this 'notNext' changes nothing: the 'not' beside it forbids the same",
            hint: "leave one of them out")
        }
      }
    }
  }

  private func draft(_ entries: [StepEntry], _ diagnostics: inout Diagnostics) -> Draft {
    let aliases = entries.filter(\.kind.isPositive).map(\.alias)
    var draft = Draft(scope: Scope(aliases: aliases))
    draft.scope.seesEvent = true
    draft.scope.seesProfile = seesProfile
    for entry in entries {
      // A step sees the events matched before it, not its own.
      draft.scope.visible = draft.steps.count
      let condition = read(entry.condition, as: .condition, &draft.scope, &diagnostics)
      if let condition, let node = entry.condition {
        warn(of: condition.term, entry.types, at: node.mark, &diagnostics)
      }
      let filter = Pattern.Filter(types: entry.types, condition: condition)
      switch entry.kind {
      case .not:
        draft.steps[draft.steps.count - 1].forbidden.append(filter)
      case .notNext:
        draft.steps[draft.steps.count - 1].forbiddenNext.append(filter)
      case .on, .then, .thenAny, .next:
        let taken = draft.steps.map(\.label) + aliases.compactMap { $0 }
        let label = entry.alias ?? Self.madeUpLabel(entry.types, beside: taken)
        draft.steps.append(step(entry, filter, label, &draft.scope, &diagnostics))
        draft.marks.append(entry.mark)
      }
    }
    let end = entries.lastIndex { $0.kind.isPositive } ?? 0
    if let last = entries[end...].last(where: { $0.kind == .not }) {
      draft.absence =
        last.span.map { .after($0.length("'for'", &diagnostics, hint: "for: 30m") ?? .zero) }
        ?? .untilWithin
    }
    draft.scope.visible = draft.steps.count
    draft.scope.seesEvent = false
    return draft
  }

  /// `type` is the event's, which the step has said already; a property of that name is out of reach.
  private func warn(of term: Term, _ types: EventTypes, at mark: Mark, _ diagnostics: inout Diagnostics) {
    term.visit { part in
      let asked: [Value]
      switch part {
      case .binary(.equal, .event(.type), .literal(let value)), .binary(.equal, .literal(let value), .event(.type)):
        asked = [value]
      case .binary(.oneOf, .event(.type), .literal(.list(let values))): asked = values
      default: return
      }
      let names = asked.map(\.description)
      guard !names.contains(where: types.contains) else { return }
      diagnostics.warning(
        mark, "'type' is the event's type, and no event of this step has the type '\(names.joined(separator: "', '"))'",
        hint: "a property called 'type' cannot be asked for: send it under another name")
    }
  }

  private func step(
    _ entry: StepEntry, _ fit: Pattern.Filter, _ label: String, _ scope: inout Scope, _ diagnostics: inout Diagnostics
  ) -> Pattern.Step {
    scope.seesMatched = false
    defer { scope.seesMatched = true }
    let step = Pattern.Step(
      label: label, fit: fit, times: entry.times, isOptional: entry.isOptional, follows: entry.kind.follows,
      repeats: entry.repeats, gap: entry.gap, same: read(entry.same, as: .value, &scope, &diagnostics),
      distinct: read(entry.distinct, as: .value, &scope, &diagnostics), isGreedy: entry.isGreedy,
      until: read(entry.until, as: .condition, &scope, &diagnostics), kept: [], forbidden: [])
    for (name, node, expression) in [("same", entry.same, step.same), ("distinct", entry.distinct, step.distinct)] {
      if let node, let expression, !expression.term.seesEvent {
        diagnostics.error(
          node.mark, "'\(name)' asks nothing of the event: its value is always one", hint: "\(name): item")
      }
    }
    if let node = entry.distinct, let same = step.same, same.term == step.distinct?.term {
      diagnostics.error(
        node.mark, "no two events have the 'same' value and a 'distinct' one", hint: "keep one of them")
    }
    return step
  }

  private func read(
    _ node: Node?, as purpose: Expression.Purpose, _ scope: inout Scope, _ diagnostics: inout Diagnostics
  ) -> Expression? {
    node.flatMap { Expression.read($0, as: purpose, &scope, zone, &diagnostics) }
  }

  /// The type, with a number when it is taken: `buy`, `buy2`.
  private static func madeUpLabel(_ types: EventTypes, beside taken: [String]) -> String {
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
