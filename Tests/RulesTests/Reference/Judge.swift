import AttuneModel

/// What single sentences of RULES.md say of one event, given what was matched before it.
struct Judge {
  let sketch: Sketch
  /// `profile.floor` of the key's user.
  var floor: Double?

  // MARK: Conditions

  private func number(_ event: Event, _ name: String) -> Double? {
    if case .number(let number) = event.properties[name] { number } else { nil }
  }

  /// Each test, with the last event of an earlier step under its alias; a missing value makes it false.
  private func holds(_ tests: [Sketch.Test], _ event: Event, _ chain: Chain) -> Bool {
    tests.allSatisfy { test in
      let price = number(event, "price")
      switch test {
      case .floor(let floor): return price.map { $0 >= floor } ?? false
      case .hasItem: return event.properties["item"] != nil
      case .sameItem(let step):
        guard let item = event.properties["item"], let last = chain.entries(of: step).last else { return false }
        return last.event.properties["item"] == item
      case .average(let step):
        let prices = chain.entries(of: step).compactMap { number($0.event, "price") }
        guard let price, !prices.isEmpty else { return false }
        return price >= prices.reduce(0, +) / Double(prices.count)
      case .few(let step): return price.map { $0 <= Double(chain.entries(of: step).count) } ?? false
      case .profile: return price.map { $0 >= floor ?? .infinity } ?? false
      }
    }
  }

  private func isOf(_ types: [String], _ event: Event) -> Bool { types.isEmpty || types.contains(event.name) }

  /// A step sees the events matched before it, not its own.
  private func earlier(_ chain: Chain, _ step: Int) -> Chain { chain.filter { $0.step < step } }

  /// Type and `where`.
  func fits(_ entry: Entry, _ step: Int, _ chain: Chain) -> Bool {
    isOf(sketch.steps[step].types, entry.event)
      && holds(sketch.steps[step].tests, entry.event, earlier(chain, step))
  }

  /// `until`.
  func ends(_ entry: Entry, _ step: Int, _ chain: Chain) -> Bool {
    let until = sketch.steps[step].until
    return !until.isEmpty && holds(until, entry.event, earlier(chain, step))
  }

  func isForbiddenThroughout(_ entry: Entry) -> Bool { sketch.without.contains(entry.event.name) }

  /// By a `not` between `step`, the last matched, and `next`.
  func isForbidden(_ entry: Entry, after step: Int, before next: Int, _ chain: Chain) -> Bool {
    (step..<next).contains { passed in
      sketch.steps[passed].nots.contains { isOf($0.types, entry.event) && holds($0.tests, entry.event, chain) }
    }
  }

  /// By a `notNext` between them, were it the very next event.
  func isForbiddenNext(_ entry: Entry, after step: Int, before next: Int, _ chain: Chain) -> Bool {
    (step..<next).contains { passed in
      sketch.steps[passed].nextNots.contains { isOf($0.types, entry.event) && holds($0.tests, entry.event, chain) }
    }
  }

  // MARK: Time

  func isWithin(_ at: Int64, of chain: Chain) -> Bool { sketch.within.map { at - chain.start.at < $0 } ?? true }

  private func isNear(_ entry: Entry, _ step: Int, _ chain: Chain) -> Bool {
    sketch.steps[step].gap.map { entry.at - chain.end.at < $0 } ?? true
  }

  /// Of an absence; nil when no instant decides it.
  func deadline(of chain: Chain) -> Int64? {
    switch sketch.end {
    case .event, .notNext: nil
    case .silence(let span): chain.end.at + span
    case .silenceUntilWithin: chain.start.at + (sketch.within ?? 0)
    }
  }

  /// From when on no event can take a chain into one of these steps: the last one, or a later one.
  func expiry(of chain: Chain, into steps: [Int]) -> Int64 {
    let ends = steps.map { sketch.steps[$0].gap.map { chain.end.at + $0 } ?? .max }
    return min(ends.max() ?? .min, expiry(of: chain))
  }

  /// From when on it can match no more.
  func expiry(of chain: Chain) -> Int64 { sketch.within.map { chain.start.at + $0 } ?? .max }

  // MARK: What an event may become

  /// `same` and `distinct`, for one more event of a step.
  private func hasRightValue(_ entry: Entry, _ step: Int, _ chain: Chain) -> Bool {
    let others = chain.entries(of: step).map(\.event.properties)
    let properties = entry.event.properties
    if let name = sketch.steps[step].same {
      guard let value = properties[name], others.allSatisfy({ $0[name] == value }) else { return false }
    }
    if let name = sketch.steps[step].distinct {
      guard let value = properties[name], others.allSatisfy({ $0[name] != value }) else { return false }
    }
    return true
  }

  /// Optional steps may be passed over.
  func mayPass(from step: Int, to next: Int) -> Bool {
    step < next && (step + 1..<next).allSatisfy { sketch.steps[$0].isOptional }
  }

  /// A greedy step keeps what fits it from the step after it, and whoever would go on past such an event is over.
  func isGreedilyKept(_ entry: Entry, from step: Int, before next: Int, _ chain: Chain) -> Bool {
    (step..<next).contains {
      sketch.steps[$0].isGreedy && fits(entry, $0, chain) && !ends(entry, $0, chain)
    }
  }

  func mayStart(_ entry: Entry, _ step: Int) -> Bool {
    mayPass(from: -1, to: step) && fits(entry, step, []) && hasRightValue(entry, step, [])
      && !isGreedilyKept(entry, from: 0, before: step, []) && !isForbiddenThroughout(entry) && !ends(entry, step, [])
  }

  /// One more of the last step; whether the event comes at the right place among the others is not looked at.
  func mayRepeat(_ entry: Entry, _ chain: Chain) -> Bool {
    let step = chain.step
    return chain.entries(of: step).count < sketch.steps[step].times.upperBound
      && fits(entry, step, chain) && !ends(entry, step, chain) && hasRightValue(entry, step, chain)
      && isNear(entry, step, chain) && isWithin(entry.at, of: chain)
  }

  /// What comes between bars the way to a later step: it is a greedy step's, or ends the repetition before it began.
  func bars(_ entry: Entry, _ next: Int, _ chain: Chain) -> Bool {
    isGreedilyKept(entry, from: chain.step, before: next, chain) || ends(entry, next, chain)
  }

  /// The first of a later step; likewise.
  func mayEnter(_ entry: Entry, _ next: Int, _ chain: Chain) -> Bool {
    isEnough(chain) && mayPass(from: chain.step, to: next)
      && fits(entry, next, chain) && hasRightValue(entry, next, chain) && !bars(entry, next, chain)
      && isNear(entry, next, chain) && isWithin(entry.at, of: chain)
  }

  /// Of its last step.
  func isEnough(_ chain: Chain) -> Bool {
    chain.entries(of: chain.step).count >= sketch.steps[chain.step].times.lowerBound
  }

  /// Whether nothing positive is missing.
  func isComplete(_ chain: Chain) -> Bool {
    isEnough(chain) && mayPass(from: chain.step, to: sketch.steps.count)
  }

  func passesHaving(_ chain: Chain) -> Bool {
    func events(_ step: Int) -> [Event] { chain.entries(of: step).map(\.event) }
    switch sketch.having {
    case nil: return true
    case .sum(let step, let least):
      return events(step).compactMap { number($0, "price") }.reduce(0, +) >= least
    case .count(let step, let least): return events(step).count >= least
    case .kinds(let step, let least): return Set(events(step).compactMap { $0.properties["item"] }).count >= least
    }
  }

  /// Whether a match drops attempts that began with `start`.
  func skips(_ match: Chain, _ start: Entry) -> Bool {
    func before(_ bound: Entry?) -> Bool { bound.map { start < $0 } ?? false }
    switch sketch.restart ? .pastLast : sketch.skip {
    case .none: return false
    case .toNext: return start.number == match.start.number
    case .pastLast: return start <= match.end
    case .toFirst(let step): return before(match.entries(of: step).first)
    case .toLast(let step): return before(match.entries(of: step).last)
    }
  }
}
