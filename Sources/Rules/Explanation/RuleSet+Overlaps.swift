public import AttuneModel

extension RuleSet {
  /// Rules that match, or may match, by the same events: a user might hear of one thing twice. Told at the later rule.
  public var overlaps: [Diagnostic] {
    rules.indices.flatMap { later in
      rules[..<later].compactMap { earlier in rules[later].overlap(with: earlier) }
    }
  }
}

extension Rule {
  fileprivate func overlap(with other: Rule) -> Diagnostic? {
    let it = "'\(other.name)' (\(other.mark))"
    if pattern.asks(for: other.pattern), other.pattern.asks(for: pattern), pattern.skip == other.pattern.skip,
      pattern.repetition == other.pattern.repetition
    {
      return Diagnostic(.warning, mark, "'\(name)' and \(it) match the same events", hint: "keep one of them")
    }
    if pattern.asks(for: other.pattern) {
      return Diagnostic(.warning, mark, "'\(name)' asks for all that \(it) asks for: one match may be a match of both")
    }
    if other.pattern.asks(for: pattern) {
      return Diagnostic(.warning, mark, "\(it) asks for all that '\(name)' asks for: one match may be a match of both")
    }
    guard let types = pattern.sharedCompletion(with: other.pattern) else { return nil }
    let what = pattern.absence == nil ? "complete" : "begin the wait of"
    return Diagnostic(.warning, mark, "one event (\(types)) may \(what) both '\(name)' and \(it)")
  }
}

extension Pattern {
  /// Whether it makes every demand of the other, and perhaps more.
  fileprivate func asks(for other: Pattern) -> Bool {
    // What looks back does so by place: comparable only where the same things are kept.
    let looksBack = (expressions + other.expressions).contains(where: \.term.asksEarlier)
    guard !looksBack || steps.map(\.kept) == other.steps.map(\.kept) else { return false }
    guard key == other.key, steps.count == other.steps.count, absence == other.absence,
      zip(steps, other.steps).allSatisfy({ $0.asks(for: $1) })
    else { return false }
    if let theirs = other.within { guard let within, within <= theirs else { return false } }
    if let theirs = other.without { guard let without, without.covers(theirs) else { return false } }
    return other.having == nil || other.having?.term == having?.term
  }

  /// The types of events that may be the last that both need; nil when there is none.
  fileprivate func sharedCompletion(with other: Pattern) -> String? {
    guard let mine = steps.last?.fit, let theirs = other.steps.last?.fit, (absence == nil) == (other.absence == nil),
      mine.types.overlaps(theirs.types)
    else { return nil }
    // What looks at earlier events means other events in the other rule.
    let conditions = [mine, theirs].compactMap(\.condition).flatMap(\.term.conjuncts).filter { !$0.asksEarlier }
    guard !Term.all(conditions).isContradictory else { return nil }
    guard case .some(let a) = mine.types else { return theirs.types.names }
    guard case .some(let b) = theirs.types else { return mine.types.names }
    return a.filter(b.contains).joined(separator: " or ")
  }
}

extension Pattern.Step {
  fileprivate func asks(for other: Pattern.Step) -> Bool {
    guard fit.isWithin(other.fit), times == other.times, isOptional == other.isOptional, follows == other.follows,
      repeats == other.repeats, same?.term == other.same?.term, distinct?.term == other.distinct?.term,
      isGreedy == other.isGreedy, until?.term == other.until?.term
    else { return false }
    if let theirs = other.gap { guard let gap, gap <= theirs else { return false } }
    return other.forbidden.allSatisfy { theirs in forbidden.contains { theirs.isWithin($0) } }
      && other.forbiddenNext.allSatisfy { theirs in forbiddenNext.contains { theirs.isWithin($0) } }
  }
}
