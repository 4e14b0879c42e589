import AttuneModel

/// Warns of what a pattern may say and is rarely meant.
struct PatternReview {
  let pattern: Pattern
  let places: Places

  /// Where its parts were written.
  struct Places {
    var steps: [Mark]
    var pattern: Mark
    var skip: Mark?
    var without: Mark?
  }

  private var steps: [Pattern.Step] { pattern.steps }

  func tell(_ diagnostics: inout Diagnostics) {
    reviewSteps(&diagnostics)
    reviewEnd(&diagnostics)
    reviewForbiddenNext(&diagnostics)
    reviewSkip(&diagnostics)
    reviewForbidden(&diagnostics)
    reviewGrowth(&diagnostics)
  }

  private func reviewSteps(_ diagnostics: inout Diagnostics) {
    if steps.allSatisfy(\.isOptional) {
      diagnostics.warning(
        places.pattern, "every step is optional: an event of any one of them is a match",
        hint: "leave one of them without 'optional'")
    }
    for (step, mark) in zip(steps, places.steps) {
      if let gap = step.gap, let within = pattern.within, gap >= within {
        diagnostics.warning(
          mark, "'gap' changes nothing in '\(step.label)': the whole match takes less than \(within)",
          hint: "a 'gap' shorter than 'within'")
      }
      if step.isGreedy, step.repeats == .any {
        diagnostics.warning(
          mark, "'\(step.label)' may leave out fitting events, and as it is greedy no step after it gets them",
          hint: "keep one of 'combinations' and 'greedy'")
      }
    }
    if let step = steps.last, let mark = places.steps.last, step.isGreedy {
      diagnostics.warning(
        mark, "'greedy' changes nothing in '\(step.label)': no step comes after it", hint: "leave it out")
    }
  }

  /// Where what follows a `notNext` may be left out, the match would be made before the next event is known.
  private func reviewForbiddenNext(_ diagnostics: inout Diagnostics) {
    guard pattern.absence == nil, !pattern.endsWithNext else { return }
    for (index, step) in steps.enumerated() where !step.forbiddenNext.isEmpty {
      guard steps[(index + 1)...].allSatisfy(\.isOptional) else { continue }
      diagnostics.error(
        places.steps[index],
        "every step behind the 'notNext' after '\(step.label)' is optional: nothing waits for the next event",
        hint: "leave one of them without 'optional', or end the pattern in the 'notNext'")
    }
  }

  /// After a match that skips past itself, a longer one with the same start cannot come.
  private func reviewEnd(_ diagnostics: inout Diagnostics) {
    guard let step = steps.last, let mark = places.steps.last, pattern.absence == nil, !pattern.endsWithNext,
      pattern.skip == .pastLast, pattern.having == nil
    else { return }
    let hint = "write 'skip: none' for every match, or end the pattern in a 'not'"
    if step.isOptional, steps.count > 1 {
      diagnostics.warning(
        mark, "the match without '\(step.label)' comes first, and skips the one with it", hint: hint)
    } else if step.times.lowerBound < step.times.upperBound {
      let count = step.times.lowerBound
      diagnostics.warning(
        mark, "the match with \(count) of '\(step.label)' comes first, and skips those with more", hint: hint)
    } else if steps.count > 1, step.follows == .any {
      diagnostics.warning(
        mark, "'thenAny' is as good as 'then' here: the first match skips the others", hint: hint)
    }
  }

  private func reviewSkip(_ diagnostics: inout Diagnostics) {
    guard let mark = places.skip else { return }
    switch pattern.skip {
    case .toFirst(let step), .toLast(let step):
      guard steps[step].isOptional else { return }
      diagnostics.warning(
        mark, "'\(steps[step].label)' is optional: a match without it has nothing to skip to",
        hint: "name a step that every match has")
    case .none, .toNext, .pastLast: return
    }
  }

  /// What is forbidden may be just what is waited for.
  private func reviewForbidden(_ diagnostics: inout Diagnostics) {
    let message = "this rule can never match: what the step"
    if let without = pattern.without, let mark = places.without,
      let step = steps.first(where: { !$0.isOptional && without.covers($0.fit.types) })
    {
      diagnostics.warning(
        mark, "\(message) '\(step.label)' waits for is forbidden throughout", hint: "leave one of them out")
    }
    for (index, step) in steps.enumerated().dropFirst() where !step.isOptional {
      let before = steps[index - 1]
      let forbidden = before.forbidden + (step.follows == .strict ? before.forbiddenNext : [])
      if forbidden.contains(where: { $0.condition == nil && $0.types.covers(step.fit.types) }) {
        diagnostics.warning(
          places.steps[index], "\(message) '\(step.label)' waits for is forbidden before it",
          hint: "give the 'not' a 'where'")
      }
    }
  }

  private func reviewGrowth(_ diagnostics: inout Diagnostics) {
    if let step = steps.firstIndex(where: { $0.times.upperBound == .max && $0.gap != nil }), pattern.within == nil {
      diagnostics.warning(
        places.steps[step], "'\(steps[step].label)' may go on for ever, as long as its gaps are short",
        hint: "within: 1d")
    }
    let growth = pattern.growth
    guard growth.map({ $0 > 1 }) ?? true, let step = steps.indices.first(where: { steps.branches(at: $0) }) else {
      return
    }
    let power = growth.map { "with the power \($0) of the number of events" } ?? "exponentially"
    diagnostics.warning(
      places.steps[step], "the attempts that '\(steps[step].label)' keeps open can grow \(power)",
      hint: "beyond the limit of attempts new ones are refused: a shorter 'within', or a 'where', keeps them few")
  }
}
