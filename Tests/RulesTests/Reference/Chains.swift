import AttuneModel

/// The law as a set: every chain of one key's events that satisfies the words of RULES.md, found by trying all and
/// looking back. It knows no attempts and no order of work.
struct Chains {
  let judge: Judge
  /// All of the key, known from the start to the end of time, in order.
  let entries: [Entry]
  /// Whether an event carries the whole key, by its place in `entries`.
  let isWhole: [Bool]

  private var sketch: Sketch { judge.sketch }

  /// A chain with the places of its events in `entries`.
  struct Found {
    var chain: Chain
    var places: [Int]

    var last: Int { places[places.count - 1] }
  }

  /// Every lawful way to complete the positive steps.
  func complete() -> [Found] {
    var found: [Found] = []
    func extend(_ one: Found) {
      if judge.isComplete(one.chain) { found.append(one) }
      for place in entries.indices where place > one.last {
        for step in sketch.steps.indices where step >= one.chain.step && links(one, place, step) {
          extend(
            Found(chain: one.chain + [Link(step: step, entry: entries[place])], places: one.places + [place]))
        }
      }
    }
    for place in entries.indices where isWhole[place] {
      for step in sketch.steps.indices where judge.mayStart(entries[place], step) {
        extend(Found(chain: [Link(step: step, entry: entries[place])], places: [place]))
      }
    }
    return found
  }

  /// Whether the event at `place` may be the chain's next, for `step`.
  private func links(_ one: Found, _ place: Int, _ step: Int) -> Bool {
    let chain = one.chain
    let entry = entries[place]
    let between = entries[(one.last + 1)..<place]
    guard !(between + [entry]).contains(where: judge.isForbiddenThroughout) else { return false }
    if step == chain.step {
      guard judge.mayRepeat(entry, chain) else { return false }
      // `until`: the repetition ends when such an event comes.
      guard !between.contains(where: { judge.ends($0, step, chain) }) else { return false }
      switch sketch.steps[step].repeats {
      case .strict: return between.isEmpty
      case .relaxed: return !between.contains { judge.mayRepeat($0, chain) }
      case .any: return true
      }
    }
    guard judge.mayEnter(entry, step, chain) else { return false }
    guard !(between + [entry]).contains(where: { judge.isForbidden($0, after: chain.step, before: step, chain) }),
      !judge.isForbiddenNext(entries[one.last + 1], after: chain.step, before: step, chain),
      !between.contains(where: { judge.bars($0, step, chain) })
    else { return false }
    switch sketch.steps[step].follows {
    case .strict: return between.isEmpty
    case .relaxed: return !between.contains { judge.mayEnter($0, step, chain) }
    case .any: return true
    }
  }

  struct Match {
    var found: Found
    var at: Int64
    /// The event that decided it; nil when time did.
    var decider: Int?
  }

  /// The match a chain makes, looking at all that follows it; nil when its absence is disturbed.
  func match(_ one: Found) -> Match? {
    let chain = one.chain
    let following = entries[(one.last + 1)...]
    func disturbs(_ entry: Entry) -> Bool {
      judge.isForbiddenThroughout(entry)
        || judge.isForbidden(entry, after: chain.step, before: sketch.steps.count, chain)
    }
    let isNextForbidden =
      following.first.map { judge.isForbiddenNext($0, after: chain.step, before: sketch.steps.count, chain) } ?? false
    switch sketch.end {
    case .event: return Match(found: one, at: chain.end.at, decider: one.last)
    case .notNext:
      guard let next = following.first, judge.isWithin(next.at, of: chain), !disturbs(next), !isNextForbidden else {
        return nil
      }
      return Match(found: one, at: next.at, decider: one.last + 1)
    case .silence, .silenceUntilWithin:
      let deadline = judge.deadline(of: chain) ?? 0
      let disturbing = following.filter { $0.at < deadline }
      guard !disturbing.contains(where: disturbs), disturbing.isEmpty || !isNextForbidden else { return nil }
      return Match(found: one, at: deadline, decider: nil)
    }
  }

  /// What comes of the stream, in order.
  func matches() -> [Match] {
    let complete = complete()
    if sketch.hasOneWait { return waitInTurn(complete) }
    let ordered = complete.compactMap(match).sorted(by: sketch.holdsBack ? isBegunBefore : isBefore)
    var matches: [Match] = []
    for candidate in ordered where judge.passesHaving(candidate.found.chain) {
      if !matches.contains(where: { judge.skips($0.found.chain, candidate.found.chain.start) }) {
        matches.append(candidate)
      }
    }
    return matches
  }

  /// Whoever skips others waits for his turn: older starts first, of one start who is complete first.
  private func isBegunBefore(_ a: Match, _ b: Match) -> Bool {
    a.found.places[0] != b.found.places[0] ? a.found.places[0] < b.found.places[0] : isBefore(a, b)
  }

  private func isBefore(_ a: Match, _ b: Match) -> Bool {
    if a.at != b.at { return a.at < b.at }
    if let x = a.decider, let y = b.decider, x != y { return x < y }
    return isBefore(a.found, b.found)
  }

  /// Older starts first; of one start, where they part: who repeated, who let it pass, who took it for a later step.
  private func isBefore(_ a: Found, _ b: Found) -> Bool { turns(a).lexicographicallyPrecedes(turns(b)) }

  private func turns(_ one: Found) -> [Int] {
    [one.places[0], one.chain[0].step]
      + entries.indices.dropFirst(one.places[0] + 1).map { place in
        guard let index = one.places.firstIndex(of: place) else { return 1 }
        let step = one.chain[index].step
        return step == one.chain[index - 1].step ? 0 : 2 + step
      }
  }

  /// `repeat: restart`: one wait, moved by each completion, ended by what is forbidden.
  private func waitInTurn(_ complete: [Found]) -> [Match] {
    var matches: [Match] = []
    var wait: Found?
    for place in entries.indices {
      settle(&wait, through: entries[place].at, &matches)
      // A wait that this event ends may still move to it.
      let here = complete.filter { one in
        one.last == place && !matches.contains { judge.skips($0.found.chain, one.chain.start) }
      }
      if let first = here.min(by: isBefore) { wait = first }
    }
    settle(&wait, through: .max, &matches)
    return matches
  }

  private func settle(_ wait: inout Found?, through instant: Int64, _ matches: inout [Match]) {
    guard let one = wait, let match = match(one), match.at <= instant else { return }
    conclude(match, &wait, &matches)
  }

  private func conclude(_ match: Match, _ wait: inout Found?, _ matches: inout [Match]) {
    wait = nil
    if judge.passesHaving(match.found.chain) { matches.append(match) }
  }
}
