import Model

/// Reads what a rule says beside its name: steps, time, repetition, what it emits.
struct PatternReader {
  let zone: Zone

  func read(_ fields: inout Fields, key: [String], _ diagnostics: inout Diagnostics) -> Pattern? {
    let stepsNode = fields.require("pattern", &diagnostics, hint: "pattern: [{ on: view }]")
    let withinNode = fields.take("within")
    let repeatNode = fields.take("repeat")
    let skipNode = fields.take("skip")
    let without = fields.take("without").flatMap { EventTypes(reading: $0, &diagnostics) }
    let havingNode = fields.take("having")
    let emitNode = fields.take("emit")
    guard let stepsNode, let draft = StepsReader(zone: zone).read(stepsNode, &diagnostics) else { return nil }

    var scope = draft.scope
    let having = havingNode.flatMap { Expression.read($0, as: .condition, &scope, zone, &diagnostics) }
    let emit = readEmit(emitNode, &scope, &diagnostics)
    var steps = draft.steps
    for index in steps.indices {
      steps[index].kept = scope.kept[index]
      steps[index].objects = Set(emit.compactMap(\.object).filter { $0.step == index }.map(\.name)).sorted()
    }

    let within = readWithin(withinNode, steps, draft.absence, at: stepsNode.mark, &diagnostics)
    let skip = skipNode.flatMap { readSkip($0, steps, &diagnostics) }
    let repetition = readRepetition(repeatNode, endsInAbsence: draft.absence != nil, skip: skipNode, &diagnostics)
    return Pattern(
      key: key.map(Attribute.init), steps: steps, absence: draft.absence, within: within, repetition: repetition,
      skip: skip ?? .pastLast, without: without, having: having, emit: emit)
  }

  private func readEmit(
    _ node: Node?, _ scope: inout Scope, _ diagnostics: inout Diagnostics
  ) -> [Pattern.Emission] {
    guard let node, var fields = Fields(node, "emit", &diagnostics) else { return [] }
    return fields.takeRest().compactMap { entry in
      Expression.read(entry.value, as: .value, &scope, zone, &diagnostics).map { value in
        var emission = Pattern.Emission(name: entry.key, value: value)
        if case .taken(let step, let index) = value.term, case .property(let name) = scope.kept[step][index] {
          emission.object = Pattern.Emission.Object(step: step, name: name)
        }
        return emission
      }
    }
  }

  private func readWithin(
    _ node: Node?, _ steps: [Pattern.Step], _ absence: Pattern.Absence?, at place: Mark,
    _ diagnostics: inout Diagnostics
  ) -> TimeSpan? {
    let isSingle = steps.count == 1 && steps[0].times == 1...1
    let bounded = isSingle && absence != .untilWithin
    let hint = "within: 2h"
    if let node, node.scalar == "none" {
      if !bounded {
        diagnostics.error(node.mark, "without a limit in time this pattern keeps its attempts for ever", hint: hint)
      }
      return nil
    }
    guard let node else {
      if !bounded {
        let message = absence == .untilWithin ? "this absence has no end" : "this pattern has no limit in time"
        let orFor = isSingle ? "\(hint), or 'for: 30m' on its last step" : hint
        diagnostics.error(place, "\(message)", hint: orFor)
      }
      return nil
    }
    guard let span = node.span("'within'", &diagnostics) else { return nil }
    if span <= .zero { diagnostics.error(node.mark, "'within' must be longer than nothing", hint: hint) }
    return span
  }

  private func readSkip(
    _ node: Node, _ steps: [Pattern.Step], _ diagnostics: inout Diagnostics
  ) -> Pattern.Skip? {
    let words: [String: Pattern.Skip] = ["none": .none, "toNext": .toNext, "pastLast": .pastLast]
    guard let text = node.text("'skip'", &diagnostics) else { return nil }
    if let skip = words[text] { return skip }
    for (prefix, isFirst) in [("toFirst(", true), ("toLast(", false)]
    where text.hasPrefix(prefix) && text.hasSuffix(")") {
      let alias = String(text.dropFirst(prefix.count).dropLast())
      if let step = steps.firstIndex(where: { $0.label == alias }) {
        return isFirst ? .toFirst(step: step) : .toLast(step: step)
      }
      let near = nearest(to: alias, among: steps.map(\.label)).map { "did you mean '\($0)'?" }
      diagnostics.error(node.mark, "'skip' names '\(alias)', and no step is called that", hint: near)
      return nil
    }
    let all = words.keys.sorted() + ["toFirst(v)", "toLast(v)"]
    let near = nearest(to: text, among: all).map { "did you mean '\($0)'?" }
    diagnostics.error(node.mark, "expected 'skip' to be one of \(all.joined(separator: ", "))", hint: near)
    return nil
  }

  private func readRepetition(
    _ node: Node?, endsInAbsence: Bool, skip: Node?, _ diagnostics: inout Diagnostics
  ) -> Pattern.Repetition {
    guard let node else { return endsInAbsence && skip == nil ? .restart : .each }
    let word = node.choice("'repeat'", of: ["restart", "each"], &diagnostics)
    guard word == "restart" else { return .each }
    if !endsInAbsence {
      diagnostics.warning(
        node.mark, "'repeat: restart' changes nothing here: the pattern ends in an event and nothing waits",
        hint: "leave it out, or end the pattern in 'not'")
    } else if let skip, skip.scalar != "pastLast" {
      diagnostics.error(
        skip.mark,
        "'skip' has no meaning with 'repeat: restart', which has one wait per key and uses up what it matched",
        hint: "leave out one of them; any other 'skip' implies 'repeat: each'")
    }
    return endsInAbsence ? .restart : .each
  }
}

extension EventTypes {
  /// A type, a list of types, or `any`.
  init?(reading node: Node, _ diagnostics: inout Diagnostics) {
    if node.scalar == "any" {
      self = .any
      return
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
