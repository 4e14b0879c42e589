import Model

/// An event as one rule and key meet it.
struct Arrival {
  let event: Event
  let sequence: UInt64
  let profile: [Property]
  let rule: Rule
  let pattern: Pattern
  let relevance: Relevance
  /// Steps whose condition has been looked at, and those it fits: it is asked once, however many attempts there are.
  private var asked: UInt32 = 0
  private var answers: UInt32 = 0

  init(_ event: Event, sequence: UInt64, profile: [Property], rule: Rule, relevance: Relevance) {
    self.event = event
    self.sequence = sequence
    self.profile = profile
    self.rule = rule
    self.relevance = relevance
    pattern = rule.pattern
  }

  var at: Instant { event.at }
  var position: Position { Position(at: event.at, sequence: sequence) }

  /// Whether it fits a step, with `earlier` as the earlier aliases.
  mutating func fits(_ step: Int, after earlier: () -> [Taken]) -> Bool {
    let bit: UInt32 = 1 << UInt32(step)
    guard relevance.fits & bit != 0 else { return false }
    guard let condition = pattern.steps[step].fit.condition else { return true }
    if pattern.plan.asksEarlier[step] { return holds(condition, after: earlier()) }
    if asked & bit == 0 {
      asked |= bit
      if holds(condition, after: []) { answers |= bit }
    }
    return answers & bit != 0
  }

  /// Whether it is one of those a step forbids after itself.
  func isForbidden(by step: Int, after earlier: () -> [Taken]) -> Bool {
    relevance.forbids & (1 << UInt32(step)) != 0 && isAny(of: pattern.steps[step].forbidden, after: earlier)
  }

  func isForbiddenNext(by step: Int, after earlier: () -> [Taken]) -> Bool {
    isAny(of: pattern.steps[step].forbiddenNext, after: earlier)
  }

  /// Whether it ends the repetition of a step.
  func ends(_ step: Int) -> Bool { pattern.steps[step].until.map { holds($0, after: []) } ?? false }

  private func isAny(of filters: [Pattern.Filter], after earlier: () -> [Taken]) -> Bool {
    filters.contains { filter in
      filter.types.contains(event.name) && (filter.condition.map { holds($0, after: earlier()) } ?? true)
    }
  }

  private func holds(_ condition: Expression, after earlier: [Taken]) -> Bool {
    condition.term.holds(in: Scene(event: event, taken: earlier, profile: profile))
  }

  func value(of expression: Expression) -> Value? {
    expression.term.value(in: Scene(event: event, profile: profile))
  }
}
