public import AttuneModel

extension Rule {
  /// Why it, or a step of it, can never match, as far as that is certain; one warning for each reason.
  public var impossibilities: [Diagnostic] {
    let found = pattern.steps.indices.flatMap { index in
      impossibilities(ofStep: index).map { reason in
        let step = pattern.steps[index]
        let result = step.isOptional ? "this step is never taken" : "this rule can never match"
        return Diagnostic(.warning, place(ofStep: index), "\(result): \(reason)")
      }
    }
    guard let having = pattern.having, (Term.all(bounds(in: having.term) + [having.term])).isContradictory else {
      return found
    }
    let there = origin.source["having"]?.mark ?? mark
    return found + [Diagnostic(.warning, there, "this rule can never match: 'having' contradicts itself or the steps")]
  }

  private func impossibilities(ofStep index: Int) -> [String] {
    let step = pattern.steps[index]
    var reasons: [String] = []
    if let condition = step.fit.condition {
      if condition.term.isContradictory {
        reasons.append("no event meets '\(condition.text)'")
      } else if Term.all(surroundings(ofStep: index) + [condition.term]).isContradictory {
        reasons.append("no event of its type and time meets '\(condition.text)'")
      }
    }
    // Where every step before it may be missing, it can be the first, and nothing is forbidden yet.
    if !pattern.steps[..<index].allSatisfy(\.isOptional) {
      let previous = pattern.steps[index - 1]
      if previous.forbidden.contains(where: step.fit.isWithin) {
        reasons.append("the 'not' before it forbids every event that fits it")
      }
      if step.follows == .strict, !previous.isOptional, previous.forbiddenNext.contains(where: step.fit.isWithin) {
        reasons.append("the 'notNext' before it forbids every event that fits it")
      }
    }
    return reasons + repetitionFaults(step)
  }

  private func repetitionFaults(_ step: Pattern.Step) -> [String] {
    let count = step.times.lowerBound
    guard count > 1, let distinct = step.distinct else { return [] }
    if case .event(let attribute) = distinct.term, pattern.key.contains(attribute) {
      return ["'\(distinct.text)' is part of the key, so its events have one value of it, and \(count) are asked for"]
    }
    if case .calendar(.day, let zone, .event(.time)) = distinct.term, let within = pattern.within {
      // The days between the first and the last are whole; the clock may have been put forward in them.
      let offsets = [zone.initialOffset] + zone.transitions.map(\.offset)
      let jump = TimeSpan.seconds(Int64(offsets.max() ?? 0) - Int64(offsets.min() ?? 0))
      if within.milliseconds <= TimeSpan.days(Int64(count - 2)).milliseconds - jump.milliseconds {
        return ["\(count) different days do not fit within \(within)"]
      }
    }
    return []
  }

  /// What is known of an event that a step takes: its type, and how long after the others it comes.
  private func surroundings(ofStep index: Int) -> [Term] {
    let step = pattern.steps[index]
    var known: [Term] = step.fit.condition.map { bounds(in: $0.term) } ?? []
    if case .some(let names) = step.fit.types {
      known.append(.binary(.oneOf, .event(.type), .literal(.list(names.map(Value.string)))))
    }
    for earlier in 0..<index where !pattern.steps[earlier].isOptional {
      let passed = Term.binary(.minus, .event(.time), .takenTime(step: earlier))
      known.append(.binary(.greaterOrEqual, passed, .literal(.number(0))))
      if let within = pattern.within {
        known.append(.binary(.less, passed, .literal(.number(Double(within.milliseconds)))))
      }
      if earlier == index - 1, step.times.upperBound == 1, let gap = step.gap {
        known.append(.binary(.less, passed, .literal(.number(Double(gap.milliseconds)))))
      }
    }
    return known
  }

  /// How large the counts in a term can be.
  private func bounds(in term: Term) -> [Term] {
    var known: [Term] = []
    term.visit { part in
      guard case .aggregate(let kind, let step, let inner) = part, kind == .count || kind == .distinct,
        pattern.steps.indices.contains(step)
      else { return }
      let times = pattern.steps[step].times
      known.append(.binary(.lessOrEqual, part, .literal(.number(Double(times.upperBound)))))
      if kind == .count, inner == nil, !pattern.steps[step].isOptional {
        known.append(.binary(.greaterOrEqual, part, .literal(.number(Double(times.lowerBound)))))
      }
      if kind == .distinct, case .taken(let of, let index) = inner, pattern.steps[of].kept.indices.contains(index),
        pattern.key.contains(pattern.steps[of].kept[index])
      {
        known.append(.binary(.lessOrEqual, part, .literal(.number(1))))
      }
    }
    return known
  }
}

extension Pattern.Filter {
  /// Whether certainly every event that meets this one meets the other too.
  func isWithin(_ other: Pattern.Filter) -> Bool {
    guard other.types.covers(types) else { return false }
    let held = condition?.term.conjuncts ?? []
    return (other.condition?.term.conjuncts ?? []).allSatisfy(held.contains)
  }
}
