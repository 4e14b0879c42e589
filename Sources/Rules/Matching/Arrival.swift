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
  private(set) var route: TypeRouting.Route
  /// Steps whose condition has been looked at, and those it fits: it is asked once, however many attempts there are.
  private var asked: UInt32 = 0
  private var answers: UInt32 = 0

  init(_ waiting: consuming OrderBuffer.Waiting, profile: [Property], _ route: TypeRouting.Route) {
    self.waiting = waiting
    self.profile = profile
    self.route = route
  }

  mutating func meet(_ route: TypeRouting.Route) {
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

  // MARK: - What it fits

  /// Whether it fits a step, with a chain as the earlier aliases.
  mutating func fits(_ step: Int, after last: Handle, in chains: borrowing EventChains) -> Bool {
    let bit: UInt32 = 1 << UInt32(step)
    guard route.relevance.fits & bit != 0 else { return false }
    guard route.plan.steps[step].hasCondition, let condition = route.pattern.steps[step].fit.condition else {
      return true
    }
    if route.plan.steps[step].asksEarlier { return holds(condition, after: chains.chain(endingAt: last)) }
    if asked & bit == 0 {
      asked |= bit
      if holds(condition, after: []) { answers |= bit }
    }
    return answers & bit != 0
  }

  /// Whether it fits a step and an attempt may begin with that: what a greedy step that is passed over would take is
  /// kept from the next.
  mutating func canBegin(_ step: Int, in chains: borrowing EventChains) -> Bool {
    guard fits(step, after: .none, in: chains), hasValues(for: step), !ends(step) else { return false }
    for passed in 0..<step where plan.steps[passed].isGreedy {
      if !ends(passed), fits(passed, after: .none, in: chains) { return false }
    }
    return true
  }

  /// Whether it fits a step to begin with.
  mutating func opensSomething(in chains: borrowing EventChains) -> Bool {
    var openings = relevance.fits & plan.openings
    while openings != 0 {
      if fits(openings.trailingZeroBitCount, after: .none, in: chains) { return true }
      openings &= openings - 1
    }
    return false
  }

  /// Whether it has what `same` and `distinct` ask for: without that it fits no repetition, the first one included.
  func hasValues(for step: Int) -> Bool {
    guard plan.steps[step].isSelective else { return true }
    let expressions = [pattern.steps[step].same, pattern.steps[step].distinct]
    return expressions.allSatisfy { $0.map { value(of: $0) != nil } ?? true }
  }

  // MARK: - What it forbids and ends

  /// Whether it is one of those a step forbids after itself.
  func isForbidden(by step: Int, after last: Handle, in chains: borrowing EventChains) -> Bool {
    guard route.relevance.forbids & (1 << UInt32(step)) != 0 else { return false }
    return isAny(of: route.pattern.steps[step].forbidden, after: last, in: chains)
  }

  func isForbiddenNext(by step: Int, after last: Handle, in chains: borrowing EventChains) -> Bool {
    route.plan.steps[step].hasForbiddenNext
      && isAny(of: route.pattern.steps[step].forbiddenNext, after: last, in: chains)
  }

  /// Whether it ends the repetition of a step.
  func ends(_ step: Int) -> Bool {
    guard route.plan.steps[step].hasUntil, let until = route.pattern.steps[step].until else { return false }
    return holds(until, after: [])
  }

  private func isAny(of filters: [Pattern.Filter], after last: Handle, in chains: borrowing EventChains) -> Bool {
    for filter in filters where filter.types.contains(waiting.event.name) {
      guard let condition = filter.condition else { return true }
      if holds(condition, after: chains.chain(endingAt: last)) { return true }
    }
    return false
  }

  // MARK: - What it says

  private func holds(_ condition: Expression, after earlier: [TakenEvent]) -> Bool {
    condition.term.holds(in: EvaluationContext(event: waiting.event, taken: earlier, profile: profile))
  }

  func value(of expression: Expression) -> Value? {
    expression.term.value(in: EvaluationContext(event: waiting.event, profile: profile))
  }

  /// What is kept of it where a step takes it; nil for nothing.
  func details(at step: Int) -> TakenEvent.Details? {
    let event = waiting.event
    guard plan.steps[step].keeps else { return event.id == nil ? nil : TakenEvent.Details(id: event.id) }
    let kept = pattern.steps[step]
    var values = kept.kept.map { $0.value(in: event) }
    for expression in [kept.same, kept.distinct].compactMap({ $0 }) { values.append(value(of: expression)) }
    return TakenEvent.Details(
      id: event.id, values: values, members: kept.objects.flatMap { event.properties.members(of: $0) })
  }
}
