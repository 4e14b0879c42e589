import Model

/// Where a slot is looked at: the rule, the key, and the profile of its user.
struct Place {
  var rule: Rule
  var key: [Value]
  var profile: [Property]

  /// The match of a complete attempt; nil when it fails `having`.
  func match(_ attempt: Attempt, at: Instant) -> Match? {
    let pattern = rule.pattern
    let scene = Scene(event: nil, taken: attempt.taken, profile: profile)
    if let having = pattern.having, !having.term.holds(in: scene) { return nil }
    let events = pattern.steps.enumerated().map { step, description in
      MatchedStep(
        alias: description.label,
        events: attempt.events(of: step).map { MatchedEvent(sequence: $0.sequence, id: $0.id, at: $0.at) })
    }
    let emit = pattern.emit.flatMap { emission in
      let value = emission.value.term.value(in: scene).map { [Property(emission.name, $0)] } ?? []
      guard let object = emission.object, let last = attempt.events(of: object.step).last else { return value }
      return value
        + last.members.members(of: object.name).map {
          Property(emission.name + $0.name.dropFirst(object.name.count), $0.value)
        }
    }
    return Match(
      rule: rule.name, version: rule.version, user: rule.user(in: key), key: key, at: at, events: events, emit: emit,
      shadow: rule.mode == .shadow)
  }
}

extension Rule {
  /// The key's values in an event; nil when one is missing, or is nothing a key can hold.
  func keyValues(of event: Event) -> [Value]? {
    var values: [Value] = []
    values.reserveCapacity(pattern.key.count)
    for attribute in pattern.key {
      switch attribute.value(in: event) {
      case .number(let number) where !number.isFinite: return nil
      case .list, nil: return nil
      case let value?: values.append(value)
      }
    }
    return values
  }

  func user(in key: [Value]) -> String {
    if origin.userPart < key.count, case .string(let user) = key[origin.userPart] { user } else { "" }
  }
}
