import Model

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

  init(
    key: [Attribute], steps: [Step], absence: Absence?, within: TimeSpan?, repetition: Repetition, skip: Skip,
    without: EventTypes?, having: Expression?, emit: [Emission]
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
  }

  struct Step: Hashable, Sendable {
    /// The alias, or a name made up from the type.
    var label: String
    var fit: Filter
    var times: ClosedRange<Int>
    /// What its matched events keep, for `Term.taken`.
    var kept: [Attribute]
    /// Objects whose members its matched events keep, for emissions of the whole.
    var objects: [String] = []
    /// None of these before the next step, or until the absence's deadline.
    var forbidden: [Filter]
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
    /// One wait per key, moved by whoever completes the positive part again.
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

  /// No attempt lives longer than this after its first event.
  var lifetime: TimeSpan {
    let within = within ?? .zero
    guard case .after(let span) = absence else { return within }
    let (sum, overflow) = within.milliseconds.addingReportingOverflow(span.milliseconds)
    return TimeSpan(milliseconds: overflow ? .max : sum)
  }

  /// A first step `times: n` slides over the last n events that fit; it needs them once, not once per attempt.
  var ringSize: Int? {
    let times = steps[0].times
    return times.lowerBound == times.upperBound && times.lowerBound > 1 ? times.lowerBound : nil
  }

  var usesZone: Bool { expressions.contains(where: \.term.usesZone) }

  var expressions: [Expression] {
    let filters = steps.flatMap { [$0.fit] + $0.forbidden }
    return filters.compactMap(\.condition) + [having].compactMap { $0 } + emit.map(\.value)
  }
}

/// Which events a step is about.
enum EventTypes: Hashable, Sendable {
  case any
  case some([String])

  func contains(_ type: String) -> Bool {
    switch self {
    case .any: true
    case .some(let types): types.contains(type)
    }
  }
}
