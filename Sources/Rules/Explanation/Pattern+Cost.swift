// The figures of `RuleCost`.
extension Pattern {
  func openAttempts(limit: Int) -> Int? {
    let bound: Int
    if absence != nil && repetition == .each || steps.firstAccumulating(despiteGaps: true) != nil {
      bound = .max
    } else {
      let moves = (steps.mostEvents ?? 1) - (plan.ringSize ?? 1) + (endsWithNext ? 1 : 0)
      var sum = 0
      var generation = startsPerEvent
      for _ in 0..<max(moves, 0) where sum < limit {
        sum = sum.adding(generation)
        generation = generation.multiplied(by: waysPerAttempt)
      }
      bound = sum.adding(absence == nil ? 0 : 1)
    }
    let least = min(bound, max(limit, 0))
    return least == .max ? nil : least
  }

  /// The sum over what so many attempts keep at most; nil when there is no most.
  func kept(attempts: Int, node: (Step) -> Int) -> Int? {
    var chain = 0
    for step in steps {
      guard step.times.upperBound < .max else { return nil }
      chain = chain.adding(step.times.upperBound.multiplied(by: node(step)))
    }
    // With its last event an attempt that need not wait is a match.
    if !endsInWait, let last = steps.last { chain -= node(last) }
    return attempts.multiplied(by: chain).adding(((plan.ringSize ?? 1) - 1).multiplied(by: node(steps[0])))
  }
}

// What one event can do.
extension Pattern {
  /// Those a match may begin with.
  private var entries: [Int] { steps.indices.filter { plan.openings >> UInt32($0) & 1 == 1 } }

  /// The steps that may come after this one.
  private func successors(of step: Int) -> [Int] {
    steps.indices.filter { plan.steps[step].onward.contains(.enter($0)) }
  }

  /// Types that steps tell apart; the empty one stands for all others.
  private var types: [String] {
    var names = [""]
    for case .some(let some) in steps.map(\.fit.types) { names += some.filter { !names.contains($0) } }
    return names
  }

  var startsPerEvent: Int {
    types.map { type in entries.count { steps[$0].fit.types.contains(type) } }.max() ?? 0
  }

  var waysPerAttempt: Int {
    var most = 1
    for (index, step) in steps.enumerated() {
      let onward = successors(of: index).map { (fit: steps[$0].fit.types, contiguity: steps[$0].follows) }
      let waits = absence != nil && steps[(index + 1)...].allSatisfy(\.isOptional)
      // One that must repeat has no other option; one that has repeated enough may have both.
      let again = step.times.upperBound > 1 ? [(fit: step.fit.types, contiguity: step.repeats)] : []
      let isExact = step.times.lowerBound == step.times.upperBound
      for type in types {
        most = max(most, ways(with: type, options: again, waits: false))
        most = max(most, ways(with: type, options: isExact ? onward : again + onward, waits: waits))
      }
    }
    return most
  }

  private func ways(with type: String, options: [(fit: EventTypes, contiguity: Contiguity)], waits: Bool) -> Int {
    let taking = options.count { $0.fit.contains(type) }
    let stays = options.contains { $0.contiguity == .any || $0.contiguity == .relaxed && !$0.fit.contains(type) }
    return taking + (waits || stays ? 1 : 0)
  }

  var testsToStart: Int { entries.count + (without == nil ? 0 : 1) }

  var testsPerAttempt: Int {
    steps.indices.map { index in
      let next = successors(of: index)
      let step = steps[index]
      let ofRepetition = [step.same, step.distinct, step.until].count { $0 != nil }
      let repeats = step.times.upperBound > 1 ? 1 + ofRepetition : 0
      // What is forbidden after a step that is skipped applies too.
      let passed = [index] + next.filter { steps[$0].isOptional }
      let forbidden = passed.reduce(0) { $0 + steps[$1].forbidden.count + steps[$1].forbiddenNext.count }
      return repeats + next.count + forbidden
    }.max() ?? 0
  }
}

extension Pattern.Step {
  var bytesPerEvent: Int { 32 + 24 * (kept.count + [same, distinct].count { $0 != nil }) }
}

// Saturating, of numbers that are not negative.
extension Int {
  func adding(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  func multiplied(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
