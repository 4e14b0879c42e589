import AttuneModel

/// What a rule waits for, compiled: positive steps in a row, each with what is forbidden after it.
///
/// A class because every event meets it: what never changes is shared, not copied.
final class Pattern: Sendable {
  let key: [Attribute]
  let steps: [Step]
  /// How the pattern ends when it ends in an absence: what is forbidden stands in the last step.
  let absence: Absence?
  /// Matched events: last - first < within. Nil where a single event bounds itself.
  let within: TimeSpan?
  let repetition: Repetition
  let skip: Skip
  /// Forbidden from the first event to the end of the match.
  let without: EventTypes?
  let having: Expression?
  let emit: [Emission]
  let addressee: Addressee
  let plan: Plan

  init(
    key: [Attribute], steps: [Step], absence: Absence?, within: TimeSpan?, repetition: Repetition, skip: Skip,
    without: EventTypes?, having: Expression?, emit: [Emission], addressee: Addressee
  ) {
    self.key = key
    self.steps = steps
    self.absence = absence
    self.within = within
    self.repetition = repetition
    self.skip = skip
    self.without = without
    self.having = having
    self.emit = emit
    self.addressee = addressee
    plan = Plan(steps, absence, skips: repetition == .restart || skip != .none)
  }

  struct Step: Hashable, Sendable {
    /// The alias, or a name made up from the type.
    var label: String
    var fit: Filter
    /// The upper bound of `n+` is `Int.max`.
    var times: ClosedRange<Int>
    /// Whether the pattern matches without it too.
    var isOptional = false
    /// How its first event follows the one matched before it; of no meaning in the first step.
    var follows = Contiguity.relaxed
    /// How its repetitions follow each other.
    var repeats = Contiguity.relaxed
    /// Less than this between its first event and the one matched before it, and between its own repetitions.
    var gap: TimeSpan?
    /// Over the event at hand: its repetitions all have one value of it; an event without a value does not fit ...
    var same: Expression?
    /// ... or each has a new one.
    var distinct: Expression?
    /// Whether an event that fits it is kept from the next step.
    var isGreedy = false
    /// Over the event at hand: an event of any type for which it holds ends the repetition, and is not taken by it.
    var until: Expression?
    /// What its matched events keep, for `Term.taken`.
    var kept: [Attribute]
    /// Objects whose members its matched events keep, for emissions of the whole.
    var objects: [String] = []
    /// None of these before the next step, or until the absence's deadline.
    var forbidden: [Filter]
    /// The very next event of the key is none of these.
    var forbiddenNext: [Filter] = []
  }

  /// Which events may lie between one matched event and the next.
  enum Contiguity: Hashable, Sendable {
    /// None of the key: `next`, `consecutive`.
    case strict
    /// None that fits: `then`.
    case relaxed
    /// Any: `thenAny`, `combinations`.
    case any
  }

  /// Events of some types that meet a condition.
  struct Filter: Hashable, Sendable {
    var types: EventTypes
    var condition: Expression?
  }

  struct Emission: Hashable, Sendable {
    var name: String
    var value: Expression
    /// When it emits a property of a step's last event: should that be an object, its members are emitted with it.
    var object: Object?

    struct Object: Hashable, Sendable {
      var step: Int
      var name: String
    }
  }

  enum Absence: Hashable, Sendable {
    /// The deadline is this long after the last matched event.
    case after(TimeSpan)
    /// The deadline is the first event + within.
    case untilWithin
  }

  enum Repetition: Hashable, Sendable {
    /// One wait per key, started anew by each event that completes the positive part.
    case restart
    /// Every start is an attempt of its own.
    case each
  }

  /// What a finished match does to the attempts beside it.
  enum Skip: Hashable, Sendable {
    case none, toNext, pastLast
    case toFirst(step: Int)
    case toLast(step: Int)
  }

  /// Whom a match is for; nobody when events would refuse that value as a user's id.
  enum Addressee: Hashable, Sendable {
    /// This value of the key.
    case key(part: Int)
    /// A property of the last matched event that has it; by step, its place among what the step's events keep.
    case taken([Int])
  }

  /// Whether what an event may become depends on the events before it, so that a later start may be complete first.
  var looksBack: Bool {
    plan.steps.contains { $0.asksEarlier } || steps.contains { $0.same != nil }
  }

  var usesZone: Bool { expressions.contains(where: \.term.usesZone) }

  /// Of everything it looks for.
  var allTypes: [EventTypes] {
    steps.flatMap { [$0.fit] + $0.forbidden + $0.forbiddenNext }.map(\.types) + [without].compactMap { $0 }
  }

  var expressions: [Expression] {
    let filters = steps.flatMap { [$0.fit] + $0.forbidden + $0.forbiddenNext }
    let ofSteps = steps.flatMap { [$0.same, $0.distinct, $0.until] }
    return filters.compactMap(\.condition) + (ofSteps + [having]).compactMap { $0 } + emit.map(\.value)
  }
}
