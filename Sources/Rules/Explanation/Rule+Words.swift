import AttuneModel

extension Rule {
  /// What it does, in sentences for people who do not write rules.
  public var words: [String] {
    let wording = Wording(steps: pattern.steps)
    let each = key.count == 1 ? key[0] : key.dropLast().joined(separator: ", ") + " and " + (key.last ?? "")
    var sentences = ["For each \(each), it looks for \(wording.chain(pattern))."]
    if let within = pattern.within, pattern.steps.count > 1 || pattern.steps[0].times != 1...1 {
      sentences.append("All of these come within \(within.words) of the first.")
    }
    if let without = pattern.without {
      sentences.append("No \(without.words(joinedBy: "or")) may come from the first event until the match is complete.")
    }
    if let having = pattern.having { sentences.append("It counts only if \(wording.condition(having.term)).") }
    sentences.append(completion)
    if let reuse { sentences.append(reuse) }
    if pattern.plan.holdsBack, pattern.looksBack {
      sentences.append("A match waits until nothing that began before it can match any more.")
    }
    if addressee != "user" { sentences.append("Its matches are for the \(addressee).") }
    if !pattern.emit.isEmpty {
      let parts = pattern.emit.map { "\($0.name) (\(wording.value($0.value.term)))" }
      sentences.append("A match tells \(parts.joined(separator: ", ")).")
    }
    if mode == .shadow { sentences.append("It is in shadow mode: matches are recorded, and nothing is sent.") }
    return sentences
  }

  private var completion: String {
    switch pattern.absence {
    case nil:
      pattern.endsWithNext
        ? "It matches when that very next event comes." : "It matches with the last of these events."
    case .after: "It matches when that time is over."
    case .untilWithin: "It matches \(pattern.within?.words ?? "that time") after the first event."
    }
  }

  /// What a match leaves for others; nil where nothing can be shared.
  private var reuse: String? {
    if pattern.repetition == .restart {
      return "Whoever completes it once more while it waits starts the wait anew."
    }
    switch pattern.skip {
    case .none: return "Every event that fits the first step begins on its own, and matches may share events."
    case .toNext: return "Of the matches that begin with the same event only the first counts."
    case .pastLast:
      return pattern.steps.count == 1 && pattern.steps[0].times == 1...1 && pattern.absence == nil
        ? nil : "An event that has been part of a match is part of no other."
    case .toFirst(let step): return "After a match, the next begins no earlier than its first \(label(step))."
    case .toLast(let step): return "After a match, the next begins no earlier than its last \(label(step))."
    }
  }

  private func label(_ step: Int) -> String {
    pattern.steps.indices.contains(step) ? pattern.steps[step].label : "step"
  }
}

extension Wording {
  /// The steps in their order: `3 'view' events (v), then no 'buy' for 30 minutes`.
  fileprivate func chain(_ pattern: Pattern) -> String {
    var text = ""
    for (index, step) in steps.enumerated() {
      if index > 0 { text += joint(before: step, after: steps[index - 1]) }
      text += clause(step, at: index)
    }
    guard let last = steps.last else { return text }
    if let next = last.forbiddenNext.nonEmpty { text += ", and the very next event is no \(words(next))" }
    switch pattern.absence {
    case nil: return text
    case .after(let span): return text + ", and then no \(words(last.forbidden)) for \(span.words)"
    case .untilWithin: return text + ", and then no \(words(last.forbidden)) until the time is over"
    }
  }

  private func joint(before step: Pattern.Step, after previous: Pattern.Step) -> String {
    var text = ""
    if let next = previous.forbiddenNext.nonEmpty { text += ", whose very next event is no \(words(next))" }
    switch step.follows {
    case .relaxed: text += ", then "
    case .any: text += ", then at any later time "
    case .strict: text += ", directly followed by "
    }
    if let forbidden = previous.forbidden.nonEmpty { text += "(with no \(words(forbidden)) before) " }
    return step.isOptional ? text + "perhaps " : text
  }

  private func clause(_ step: Pattern.Step, at index: Int) -> String {
    let one = step.times == 1...1
    let types = step.fit.types.words(joinedBy: "or")
    var text = index == 0 && step.isOptional ? "perhaps " : ""
    text += one ? (step.fit.types == .any ? "an \(types)" : "one \(types)") : "\(times(step)) \(types) events"
    if case .some(let names) = step.fit.types, names == [step.label] {} else { text += " (\(step.label))" }
    if let condition = step.fit.condition { text += " where \(self.condition(condition.term))" }
    if let same = step.same { text += ", all with the same \(value(same.term))" }
    if let distinct = step.distinct { text += ", each with another \(value(distinct.term))" }
    if !one {
      if step.repeats == .strict { text += ", with no other event between them" }
      if step.repeats == .any { text += ", in any choice" }
      if step.isGreedy { text += ", as many as come" }
    }
    if let gap = step.gap { text += gapWords(gap, isFirst: index == 0, one: one) }
    if let until = step.until { text += ", until an event where \(condition(until.term))" }
    return text
  }

  private func gapWords(_ gap: TimeSpan, isFirst: Bool, one: Bool) -> String {
    if isFirst { return one ? "" : ", each less than \(gap.words) after the one before" }
    return ", \(one ? "" : "each ")less than \(gap.words) after the event before"
  }

  private func times(_ step: Pattern.Step) -> String {
    let (low, high) = (step.times.lowerBound, step.times.upperBound)
    if low == high { return "\(low)" }
    return step.isOpenEnded ? "\(low) or more" : "\(low) to \(high)"
  }

  /// `'buy' or 'cart' where price is above 5`
  func words(_ filters: [Pattern.Filter]) -> String {
    filters.map { filter in
      filter.types.words(joinedBy: "or") + (filter.condition.map { " where \(condition($0.term))" } ?? "")
    }.joined(separator: " and no ")
  }
}

extension EventTypes {
  /// `'view' or 'cart'`, `event of any type`
  func words(joinedBy word: String) -> String {
    switch self {
    case .any: "event of any type"
    case .some(let names):
      names.count > 1
        ? names.dropLast().map { "'\($0)'" }.joined(separator: ", ") + " \(word) '\(names[names.count - 1])'"
        : names.map { "'\($0)'" }.joined()
    }
  }
}

extension Pattern.Step {
  /// Whether it was written `n+`.
  var isOpenEnded: Bool { times.upperBound == .max }
}

extension Array {
  fileprivate var nonEmpty: Self? { isEmpty ? nil : self }
}
