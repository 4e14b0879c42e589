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
    // What is wrong already would make nonsense of what is odd.
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
