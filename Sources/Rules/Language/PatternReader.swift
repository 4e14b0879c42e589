import AttuneModel

/// Reads what a rule says beside its name: steps, time, repetition, what it emits.
struct PatternReader {
  let zone: Zone
  let key: [String]
  /// Whom its matches are for: a part of the key, or a property of the matched events.
  let addressee: String

  static let mostEmitted = 64

  func read(_ fields: inout Fields, _ diagnostics: inout Diagnostics) -> Pattern? {
    let errors = diagnostics.errors.count
    let stepsNode = fields.require("pattern", &diagnostics, hint: "pattern: [{ on: view }]")
    let withinNode = fields.take("within")
    let repeatNode = fields.take("repeat")
    let skipNode = fields.take("skip")
    let withoutNode = fields.take("without")
    let without = withoutNode.flatMap { EventTypes(reading: $0, &diagnostics) }
    let havingNode = fields.take("having")
    let emitNode = fields.take("emit")
    let stepsReader = StepsReader(zone: zone, seesProfile: key.contains("user") && addressee == "user")
    let errorsBefore = diagnostics.errors.count
    guard let stepsNode, let draft = stepsReader.read(stepsNode, &diagnostics) else { return nil }
    let stepsAreRight = diagnostics.errors.count == errorsBefore

    var scope = draft.scope
    let having = havingNode.flatMap { Expression.read($0, as: .condition, &scope, zone, &diagnostics) }
    let emit = readEmit(emitNode, &scope, &diagnostics)
    let to = readAddressee(&scope)
    var steps = draft.steps
    for index in steps.indices {
      steps[index].kept = scope.kept[index]
      steps[index].objects = Set(emit.compactMap(\.object).filter { $0.step == index }.map(\.name)).sorted()
    }

    let within = readWithin(withinNode, draft, at: stepsNode.mark, judges: stepsAreRight, &diagnostics)
    let skip = skipNode.flatMap { readSkip($0, steps, &diagnostics) }
    let pattern = Pattern(
      key: key.map(Attribute.init), steps: steps, absence: draft.absence, within: within,
      repetition: readRepetition(repeatNode, endsInAbsence: draft.endsInAbsence, skip: skipNode, &diagnostics),
      skip: skip ?? .pastLast, without: without, having: having, emit: emit, addressee: to)
    // Warnings about a pattern with errors would mislead.
    guard diagnostics.errors.count == errors else { return nil }
    let places = PatternReview.Places(
      steps: draft.marks, pattern: stepsNode.mark, skip: skipNode?.mark, without: withoutNode?.mark)
    PatternReview(pattern: pattern, places: places).tell(&diagnostics)
    return pattern
  }

  private func readAddressee(_ scope: inout Scope) -> Pattern.Addressee {
    if let part = key.firstIndex(of: addressee) { return .key(part: part) }
    return .taken(scope.aliases.indices.map { scope.keep(Attribute(addressee), ofStep: $0) })
  }

  private func readEmit(
    _ node: Node?, _ scope: inout Scope, _ diagnostics: inout Diagnostics
  ) -> [Pattern.Emission] {
    guard let node, var fields = Fields(node, "emit", &diagnostics) else { return [] }
    let entries = fields.takeRest()
    guard entries.count <= Self.mostEmitted else {
      diagnostics.error(node.mark, "a rule emits at most \(Self.mostEmitted) values, this one \(entries.count)")
      return []
    }
    return entries.compactMap { entry in
      Expression.read(entry.value, as: .value, &scope, zone, &diagnostics).map { value in
        var emission = Pattern.Emission(name: entry.key, value: value)
        if case .taken(let step, let index) = value.term, case .property(let name) = scope.kept[step][index] {
          emission.object = Pattern.Emission.Object(step: step, name: name)
        }
        return emission
      }
    }
  }
}

// How long a match may take.
extension PatternReader {
  /// The time a match may take; nil where the steps themselves bound it, or cannot accumulate, which it judges only of
  /// steps without an error.
  private func readWithin(
    _ node: Node?, _ draft: StepsReader.Draft, at place: Mark, judges: Bool, _ diagnostics: inout Diagnostics
  ) -> TimeSpan? {
    let hint = "within: 2h"
    if let node, node.scalar != "none" { return node.length("'within'", &diagnostics, hint: hint) }
    guard judges else { return nil }
    let mark = node?.mark ?? place
    let steps = draft.steps
    if draft.absence == .untilWithin {
      let isSingle = steps.firstWithoutGap == nil
      diagnostics.error(
        mark, "this absence has no end", hint: isSingle ? "\(hint), or 'for: 30m' on its last step" : hint)
    } else if let step = steps.firstAccumulating(despiteGaps: false) {
      let label = steps[step].label
      let message =
        node == nil
        ? "this pattern has no limit in time" : "without a limit in time this pattern keeps its attempts for ever"
      diagnostics.error(mark, message, hint: "\(hint), or a 'gap' in the step '\(label)'")
    } else if node == nil, steps.firstWithoutGap != nil || draft.endsWithNext {
      diagnostics.error(
        mark, "this pattern has no limit in time",
        hint: "\(hint), or 'within: none', since its attempts cannot pile up")
    }
    return nil
  }
}

// What becomes of matches side by side.
extension PatternReader {
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
