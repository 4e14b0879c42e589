import AttuneModel

// How attempts end in a match.
extension Store {
  /// Makes matches of complete chains, in their order, or holds them back; gives up the references to them. Returns how
  /// many there was no room for.
  mutating func conclude(
    _ finished: [Handle], _ arrival: Arrival, in slot: Handle, limit: Int, into matches: inout [Match]
  ) -> Int {
    var prunes: [Prune] = []
    var refused = 0
    for last in finished {
      let chain = chain(endingAt: last)
      guard let first = chain.first, !prunes.contains(where: { $0.drops(first.position) }) else {
        release(last)
        continue
      }
      if arrival.plan.holdsBack, hasToWait(first.position, in: slot, at: arrival.at) {
        if Int(slots[slot].count) < limit { hold(last, at: arrival.at, in: slot) } else { release(last); refused += 1 }
        continue
      }
      release(last)
      let match = arrival.rule.match(chain, key: values(of: slot), at: arrival.at, profile: arrival.profile)
      guard let match else { continue }
      matches.append(match)
      let prune = Prune(after: chain, arrival.pattern)
      if prune.dropsNothing { continue }
      if finished.count > 1 { prunes.append(prune) }
      drop(prune, in: slot)
    }
    return refused
  }

  mutating func drop(_ prune: Prune, in slot: Handle) {
    removeAttempts(in: slot) { prune.drops($0.taken[$1.first].position) }
    removeHeld(in: slot) { prune.drops($0.taken[$1.first].position) }
    popRing(slot) { prune.drops($0) }
  }
}

extension Rule {
  /// The match of these events; nil when they fail `having`.
  ///
  /// - Parameter isJudged: whether they are known to be a match.
  func match(
    _ taken: [Taken], key: [Value], at: Instant, profile: [Property], isJudged: Bool = false
  ) -> Match? {
    guard taken.allSatisfy({ pattern.steps.indices.contains($0.step) }) else { return nil }
    let scene = Scene(event: nil, taken: taken, profile: profile)
    if !isJudged, let having = pattern.having, !having.term.holds(in: scene) { return nil }
    var events: [MatchedStep] = []
    var start = 0
    while start < taken.count {
      let alias = pattern.steps[taken[start].step].label
      var end = start + 1
      while end < taken.count, taken[end].step == taken[start].step || pattern.steps[taken[end].step].label == alias {
        end += 1
      }
      let matched = taken[start..<end].map { MatchedEvent(sequence: $0.sequence, id: $0.details.id, at: $0.at) }
      events.append(MatchedStep(alias: alias, events: matched))
      start = end
    }
    return Match(
      rule: name, version: version, user: addressee(key, taken), key: key, at: at, events: events,
      emit: pattern.emit.isEmpty ? [] : emissions(taken, scene), shadow: mode == .shadow)
  }

  private func emissions(_ taken: [Taken], _ scene: Scene) -> [Property] {
    pattern.emit.flatMap { emission in
      let value = emission.value.term.value(in: scene).map { [Property(emission.name, $0)] } ?? []
      guard let object = emission.object, let last = taken.last(where: { $0.step == object.step }) else { return value }
      return value
        + last.details.members.members(of: object.name).map {
          Property(emission.name + $0.name.dropFirst(object.name.count), $0.value)
        }
    }
  }

  /// Whom the match is for; empty for nobody.
  private func addressee(_ key: [Value], _ taken: [Taken]) -> String {
    guard case .taken(let places) = pattern.addressee else { return user(in: key) }
    for event in taken.reversed() where event.step < places.count && places[event.step] < event.values.count {
      if case .string(let user) = event.values[places[event.step]] { return user }
    }
    return ""
  }

  /// The user in a key; empty where there is none.
  func user(in key: [Value]) -> String {
    if origin.userPart < key.count, case .string(let user) = key[origin.userPart] { user } else { "" }
  }
}
