import AttuneModel

/// An event as the rules it concerns meet it, one after another.
struct Arrival {
  /// Of its parts only what is asked for is ever copied.
  let waiting: OrderBuffer.Waiting
  /// What was answered by another one counts no more.
  var profile: [Property] {
    didSet {
      asked = 0
      answers = 0
    }
  }
  private(set) var route: Concern.Route
  /// Steps whose condition has been looked at, and those it fits: it is asked once, however many attempts there are.
  private var asked: UInt32 = 0
  private var answers: UInt32 = 0

  init(_ waiting: consuming OrderBuffer.Waiting, profile: [Property], _ route: Concern.Route) {
    self.waiting = waiting
    self.profile = profile
    self.route = route
  }

  mutating func meet(_ route: Concern.Route) {
    if route === self.route { return }
    self.route = route
    asked = 0
    answers = 0
  }

  var sequence: UInt64 { waiting.sequence }
  var at: Instant { waiting.event.at }
  var rule: Rule { route.rule }
  var pattern: Pattern { route.pattern }
  var plan: Pattern.Plan { route.plan }
  var relevance: Relevance { route.relevance }

  /// Whether it fits a step, with a chain of the store as the earlier aliases.
  mutating func fits(_ step: Int, after last: Handle, in store: borrowing Store) -> Bool {
    let bit: UInt32 = 1 << UInt32(step)
    guard route.relevance.fits & bit != 0 else { return false }
    guard route.plan.steps[step].hasCondition, let condition = route.pattern.steps[step].fit.condition else {
      return true
    }
    if route.plan.steps[step].asksEarlier { return holds(condition, after: store.chain(endingAt: last)) }
    if asked & bit == 0 {
      asked |= bit
      if holds(condition, after: []) { answers |= bit }
    }
    return answers & bit != 0
  }

  /// Whether it is one of those a step forbids after itself.
  func isForbidden(by step: Int, after last: Handle, in store: borrowing Store) -> Bool {
    guard route.relevance.forbids & (1 << UInt32(step)) != 0 else { return false }
    return isAny(of: route.pattern.steps[step].forbidden, after: last, in: store)
  }

  func isForbiddenNext(by step: Int, after last: Handle, in store: borrowing Store) -> Bool {
    route.plan.steps[step].hasForbiddenNext
      && isAny(of: route.pattern.steps[step].forbiddenNext, after: last, in: store)
  }

  /// Whether it ends the repetition of a step.
  func ends(_ step: Int) -> Bool {
    guard route.plan.steps[step].hasUntil, let until = route.pattern.steps[step].until else { return false }
    return holds(until, after: [])
  }

  private func isAny(of filters: [Pattern.Filter], after last: Handle, in store: borrowing Store) -> Bool {
    for filter in filters where filter.types.contains(waiting.event.name) {
      guard let condition = filter.condition else { return true }
      if holds(condition, after: store.chain(endingAt: last)) { return true }
    }
    return false
  }

  private func holds(_ condition: Expression, after earlier: [Taken]) -> Bool {
    condition.term.holds(in: Scene(event: waiting.event, taken: earlier, profile: profile))
  }

  func value(of expression: Expression) -> Value? {
    expression.term.value(in: Scene(event: waiting.event, profile: profile))
  }
}
