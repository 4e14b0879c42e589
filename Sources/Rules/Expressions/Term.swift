import AttuneModel

/// An expression as a tree. A missing value is nil; what cannot be computed (text times two, division by zero)
/// counts as missing, so that nothing here can fail.
indirect enum Term: Hashable, Sendable {
  case literal(Value)
  case event(Attribute)
  /// A kept value of the step's last event, or of the one an aggregate looks at.
  case taken(step: Int, index: Int)
  case takenTime(step: Int)
  case profile(String)
  case not(Term)
  case negative(Term)
  case binary(Operator, Term, Term)
  case exists(Term)
  /// As the id of a user, which is text: a whole number by its digits, as in events.
  case userID(Term)
  case calendar(CalendarPart, Zone, Term)
  /// Over the events of one step; without a term it counts them.
  case aggregate(Aggregate, step: Int, Term?)

  enum Operator: String, Hashable, Sendable {
    case or, and
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case oneOf = "in"
    case startsWith, contains
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divided = "/"
  }

  /// `day` counts days since 1970-01-01, `hour` is 0 to 23, `weekday` 1 (Monday) to 7.
  enum CalendarPart: String, CaseIterable, Hashable, Sendable { case day, hour, weekday }

  enum Aggregate: String, CaseIterable, Hashable, Sendable { case count, sum, avg, min, max, distinct, first, last }
}

/// What an expression is evaluated over.
struct EvaluationContext {
  var event: Event?
  var taken: [TakenEvent] = []
  var profile: [Property]
  /// The event an aggregate is looking at.
  var focus: TakenEvent?
}

extension Term {
  func value(in context: EvaluationContext) -> Value? {
    switch self {
    case .literal(let value): return value
    case .event(let attribute): return context.event.flatMap(attribute.value)
    case .taken(let step, let index):
      guard let taken = context.taken(of: step), index < taken.values.count else { return nil }
      return taken.values[index]
    case .takenTime(let step):
      return context.taken(of: step).map { .number(Double($0.at.milliseconds)) }
    case .profile(let name): return context.profile[name]
    case .not(let term): return .bool(!term.holds(in: context))
    case .negative(let term): return term.number(in: context).map { .number(-$0) }
    case .exists(let term): return .bool(term.value(in: context) != nil)
    case .userID(let term):
      let value = term.value(in: context)
      return if case .number = value { value?.userID.map(Value.string) ?? value } else { value }
    case .calendar(let part, let zone, let term):
      return term.number(in: context).flatMap { part.value(at: $0, in: zone) }
    case .aggregate(let kind, let step, let term): return kind.value(of: term, step: step, in: context)
    case .binary(let op, let left, let right): return op.value(left, right, in: context)
    }
  }

  func holds(in context: EvaluationContext) -> Bool { value(in: context) == .bool(true) }

  func number(in context: EvaluationContext) -> Double? {
    if case .number(let number) = value(in: context) { number } else { nil }
  }
}

extension EvaluationContext {
  fileprivate func taken(of step: Int) -> TakenEvent? {
    if let focus, focus.step == step { return focus }
    return taken.last { $0.step == step }
  }
}

extension Term.Operator {
  fileprivate func value(_ left: Term, _ right: Term, in context: EvaluationContext) -> Value? {
    switch self {
    case .or: return .bool(left.holds(in: context) || right.holds(in: context))
    case .and: return .bool(left.holds(in: context) && right.holds(in: context))
    case .plus, .minus, .times, .divided:
      guard let a = left.number(in: context), let b = right.number(in: context) else { return nil }
      let result = compute(a, b)
      return result.isFinite ? .number(result) : nil
    default:
      guard let a = left.value(in: context), let b = right.value(in: context) else { return .bool(false) }
      return .bool(compare(a, b))
    }
  }

  private func compute(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .plus: a + b
    case .minus: a - b
    case .times: a * b
    default: a / b
    }
  }

  private func compare(_ a: Value, _ b: Value) -> Bool {
    switch (self, a, b) {
    case (.equal, _, _): a == b
    case (.unequal, _, _): a != b
    case (.oneOf, _, .list(let values)): values.contains(a)
    case (.contains, .list(let values), _): values.contains(b)
    case (.contains, .string(let text), .string(let part)): text.holds(part)
    case (.startsWith, .string(let text), .string(let start)): text.utf8.starts(with: start.utf8)
    case (_, .number(let a), .number(let b)): isOrdered(a, b)
    case (_, .string(let a), .string(let b)): isOrdered(a.utf8.order(beside: b.utf8), 0)
    default: false
    }
  }

  private func isOrdered<T: Comparable>(_ a: T, _ b: T) -> Bool {
    switch self {
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    default: false
    }
  }
}

extension Term.CalendarPart {
  fileprivate func value(at milliseconds: Double, in zone: Zone) -> Value? {
    guard milliseconds.magnitude < 0x1p53 else { return nil }
    let whole = Int64(milliseconds)
    let at = Instant(milliseconds: Double(whole) > milliseconds ? whole - 1 : whole)
    switch self {
    case .day: return .number(Double(zone.day(at)))
    case .hour: return .number(Double(floorDivide(zone.timeOfDay(at), 3_600_000)))
    case .weekday:
      // Day 0 was a Thursday.
      let days = zone.day(at) + 3
      return .number(Double(days - 7 * floorDivide(days, 7) + 1))
    }
  }
}

extension Term.Aggregate {
  fileprivate func value(of term: Term?, step: Int, in context: EvaluationContext) -> Value? {
    let events = context.taken.filter { $0.step == step }
    guard let term else { return .number(Double(events.count)) }
    var inner = context
    let values = events.compactMap { event in
      inner.focus = event
      return term.value(in: inner)
    }
    switch self {
    case .count: return .number(Double(values.count))
    case .distinct: return .number(Double(Set(values).count))
    case .first: return values.first
    case .last: return values.last
    case .sum, .avg, .min, .max:
      let numbers = values.compactMap { if case .number(let number) = $0 { number } else { nil as Double? } }
      return number(over: numbers).flatMap { $0.isFinite ? .number($0) : nil }
    }
  }

  private func number(over numbers: [Double]) -> Double? {
    switch self {
    case .min: numbers.min()
    case .max: numbers.max()
    case .avg: numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
    default: numbers.reduce(0, +)
    }
  }
}

extension String.UTF8View {
  /// Below 0: it comes before the other; 0: they are the same bytes.
  fileprivate func order(beside other: String.UTF8View) -> Int {
    if elementsEqual(other) { return 0 }
    return lexicographicallyPrecedes(other) ? -1 : 1
  }
}

extension String {
  /// Whether the bytes of `part` occur in it.
  fileprivate func holds(_ part: String) -> Bool {
    let text = Array(utf8)
    let part = Array(part.utf8)
    guard part.count <= text.count else { return false }
    return (0...text.count - part.count).contains { text[$0..<$0 + part.count].elementsEqual(part) }
  }
}
