import AttuneModel

/// What turns an expression into plain English: it knows what the steps are called and what their events keep.
struct Wording {
  let steps: [Pattern.Step]

  /// A condition as the end of a sentence: `price is at least 50`.
  func condition(_ term: Term) -> String {
    switch term {
    case .binary(.and, let left, let right): "\(inner(left, of: .and)) and \(inner(right, of: .and))"
    case .binary(.or, let left, let right): "\(inner(left, of: .or)) or \(inner(right, of: .or))"
    case .binary(let op, let left, let right):
      if let verb = op.verb { "\(value(left)) \(verb) \(value(right))" } else { value(term) }
    case .not(.exists(let term)): "\(value(term)) is missing"
    case .not(.binary(.oneOf, let left, let right)): "\(value(left)) is none of \(value(right))"
    case .not(let term): "it is not so that \(inner(term, of: nil))"
    case .exists(let term): "\(value(term)) is there"
    case .literal(.bool(let flag)): flag ? "always" : "never"
    default: "\(value(term)) is true"
    }
  }

  /// With brackets where `and` and `or` meet, or several things are denied at once.
  private func inner(_ term: Term, of outer: Term.Operator?) -> String {
    guard case .binary(let op, _, _) = term, op == .and || op == .or, op != outer else { return condition(term) }
    return "(\(condition(term)))"
  }

  /// A value as a noun: `v's price`, `the number of v`.
  func value(_ term: Term) -> String {
    switch term {
    case .literal(.string(let text)): "'\(text)'"
    case .literal(.list(let values)): values.map { value(.literal($0)) }.joined(separator: ", ")
    case .literal(let constant): constant.description
    case .event(let attribute): attribute.words
    case .taken(let step, let index): taken(step, index)
    case .takenTime(let step): "the instant of \(label(step))"
    case .profile(let name): "the profile's \(name)"
    case .userID(let term): value(term)
    case .negative(let term): "-\(operand(term))"
    case .calendar(let part, _, .event(.time)): "the \(part.rawValue)"
    case .calendar(let part, _, .takenTime(let step)): "the \(part.rawValue) of \(label(step))"
    case .calendar(let part, _, let term): "the \(part.rawValue) of \(value(term))"
    case .aggregate(let kind, let step, let term): aggregate(kind, of: term.map(value) ?? label(step))
    case .binary(let op, let left, let right) where op.verb == nil && op != .and && op != .or:
      "\(operand(left)) \(op.rawValue) \(operand(right))"
    case .not, .exists, .binary: "whether \(condition(term))"
    }
  }

  private func operand(_ term: Term) -> String {
    if case .binary = term { "(\(value(term)))" } else { value(term) }
  }

  private func aggregate(_ kind: Term.Aggregate, of what: String) -> String {
    switch kind {
    case .count: "the number of \(what)"
    case .sum: "the sum of \(what)"
    case .avg: "the average of \(what)"
    case .min: "the least of \(what)"
    case .max: "the greatest of \(what)"
    case .distinct: "the number of different values of \(what)"
    case .first: "the first of \(what)"
    case .last: "the last of \(what)"
    }
  }

  private func taken(_ step: Int, _ index: Int) -> String {
    guard steps.indices.contains(step), steps[step].kept.indices.contains(index) else { return "a value" }
    if case .property(let name) = steps[step].kept[index] { return "\(label(step))'s \(name)" }
    return "\(steps[step].kept[index].words) of \(label(step))"
  }

  private func label(_ step: Int) -> String { steps.indices.contains(step) ? steps[step].label : "a step" }
}

extension Attribute {
  fileprivate var words: String {
    switch self {
    case .user: "the user"
    case .type: "the type"
    case .time: "the instant"
    case .property(let name): name
    }
  }
}

extension Term.Operator {
  /// Nil for arithmetic and for what joins conditions.
  fileprivate var verb: String? {
    switch self {
    case .equal: "is"
    case .unequal: "is not"
    case .less: "is below"
    case .lessOrEqual: "is at most"
    case .greater: "is above"
    case .greaterOrEqual: "is at least"
    case .oneOf: "is one of"
    case .startsWith: "starts with"
    case .contains: "contains"
    case .or, .and, .plus, .minus, .times, .divided: nil
    }
  }
}

extension TimeSpan {
  /// `30 minutes`, `1 day`: the largest unit that states it exactly.
  var words: String {
    let units: [(String, Int64)] = [("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1000)]
    for (unit, size) in units where milliseconds != 0 && milliseconds % size == 0 {
      let count = milliseconds / size
      return count == 1 ? "1 \(unit)" : "\(count) \(unit)s"
    }
    return "\(milliseconds) milliseconds"
  }
}
