import AttuneModel

/// Turns expressions of a rule into SQL, where every matched event has a variable of its own.
struct SQLTerms {
  let steps: [Pattern.Step]
  /// By step, the variables of its events.
  let variables: [[String]]
  let columns: SQLColumns
  /// The variable that `type`, `price` and the like speak of.
  var row: String?
  /// In an aggregate, which of the step's events it looks at.
  var focus: String?

  /// A condition: TRUE exactly when the term holds.
  func condition(_ term: Term) throws(SQLRefusal) -> SQLExpression {
    switch term {
    case .binary(.and, let left, let right): .binary(.and, try condition(left), try condition(right))
    case .binary(.or, let left, let right): .binary(.or, try condition(left), try condition(right))
    case .not(let inner): .test(try condition(inner), .isNotTrue)
    case .exists(let inner): .test(try value(inner), .isNotNull)
    case .binary(.oneOf, let left, .literal(.list(let values))): try isOne(left, of: values)
    case .binary(.oneOf, _, _): throw SQLRefusal("'in' asks a list that is a property, and columns hold no lists")
    case .binary(.startsWith, let text, let part):
      try position(of: part, in: text).map { .binary(.equal, $0, .literal(.number(1))) } ?? .literal(.bool(false))
    case .binary(.contains, let text, let part):
      try position(of: part, in: text).map { .binary(.greater, $0, .literal(.number(0))) } ?? .literal(.bool(false))
    case .binary(let op, let left, let right):
      if let known = op.compared { try compared(known, left, right) } else { try value(term) }
    default:
      // A column of texts or numbers is never true.
      kind(of: term).map { $0 == .truth } ?? true ? try value(term) : .literal(.bool(false))
    }
  }

  private func kind(of term: Term) -> SQLColumns.Kind? { columns.kind(of: term, steps) }

  /// What differs in kind is unequal and has no order, as in rules; there it would be an error.
  private func compared(
    _ op: SQLExpression.Operator, _ left: Term, _ right: Term
  ) throws(SQLRefusal) -> SQLExpression {
    let (a, b) = (try value(left), try value(right))
    let kinds = (kind(of: left), kind(of: right))
    if let one = kinds.0, let other = kinds.1, one != other {
      return op == .unequal ? .all([.test(a, .isNotNull), .test(b, .isNotNull)]) : .literal(.bool(false))
    }
    if kinds.0 == .truth, op != .equal, op != .unequal { return .literal(.bool(false)) }
    return .binary(op, a, b)
  }

  /// Spelled out: Flink's planner takes no `IN` everywhere.
  private func isOne(_ left: Term, of values: [Value]) throws(SQLRefusal) -> SQLExpression {
    let kinds = Set(values.map { kind(of: .literal($0)) })
    guard kind(of: left) != nil || kinds.count < 2 else {
      throw SQLRefusal(
        "'in' lists texts, numbers or truth values side by side, and a column holds one kind",
        hint: "say which with --columns")
    }
    var conditions: [SQLExpression] = []
    for item in values { conditions.append(try compared(.equal, left, .literal(item))) }
    return .any(conditions)
  }

  /// Nil where one of them is no text.
  private func position(of part: Term, in text: Term) throws(SQLRefusal) -> SQLExpression? {
    for term in [part, text] where kind(of: term).map({ $0 != .text }) ?? false { return nil }
    return .double(.position(of: try value(part), in: try value(text)))
  }

  /// A number; NULL where the term is something else.
  private func number(_ term: Term) throws(SQLRefusal) -> SQLExpression {
    kind(of: term).map { $0 == .number } ?? true ? try value(term) : .noNumber
  }

  func value(_ term: Term) throws(SQLRefusal) -> SQLExpression {
    switch term {
    case .literal(.list): throw SQLRefusal("a list of constants is no value of a column")
    case .literal(let value): return .literal(value)
    case .event(let attribute): return column(row ?? "", attribute.column)
    case .taken(let step, let index): return try taken(step) { steps[$0].kept[index].column }
    case .takenTime(let step): return try taken(step) { _ in Attribute.time.column }
    case .profile(let name):
      throw SQLRefusal("'profile.\(name)' is no column", hint: "join the profile into the table of events")
    case .calendar(let part, let zone, let inner): return try calendar(part, zone, inner)
    case .negative(let inner): return .negative(try number(inner))
    case .userID(let inner): return try value(inner)
    case .aggregate(let kind, let step, let inner): return try aggregate(kind, step, inner)
    case .binary(.divided, let left, let right):
      let divisor = SQLExpression.call(.nullIf, [try number(right), .literal(.number(0))])
      return .binary(.divided, try number(left), divisor)
    case .binary(let op, let left, let right):
      if let known = op.computed { return .binary(known, try number(left), try number(right)) }
      return .test(try condition(term), .isTrue)
    case .not, .exists: return .test(try condition(term), .isTrue)
    }
  }

  private func taken(_ step: Int, _ column: (Int) -> String) throws(SQLRefusal) -> SQLExpression {
    guard variables.indices.contains(step), let last = variables[step].last else {
      throw SQLRefusal("it asks for a step that is not there")
    }
    return self.column(focus.flatMap { variables[step].contains($0) ? $0 : nil } ?? last, column(step))
  }

  private func column(_ variable: String, _ name: String) -> SQLExpression {
    let column = SQLExpression.column(variable: variable, name: name)
    return columns.kinds[name] == .number ? .double(column) : column
  }

  /// By arithmetic: functions of dates follow the session's zone there.
  private func calendar(
    _ part: Term.CalendarPart, _ zone: Zone, _ inner: Term
  ) throws(SQLRefusal) -> SQLExpression {
    guard zone.transitions.isEmpty else {
      throw SQLRefusal(
        "'\(part.rawValue)(...)' in \(zone.name), whose clocks were changed, is not built", hint: "--zone UTC")
    }
    func constant(_ number: Double) -> SQLExpression { .literal(.number(number)) }
    func floor(_ term: SQLExpression, per unit: Double) -> SQLExpression {
      .floor(.binary(.divided, term, constant(unit)))
    }
    func rest(_ term: SQLExpression, per unit: Double) -> SQLExpression {
      .binary(.minus, term, .binary(.times, floor(term, per: unit), constant(unit)))
    }
    let whole = SQLExpression.floor(try number(inner))
    let local = zone.initialOffset == 0 ? whole : .binary(.plus, whole, constant(Double(zone.initialOffset) * 1000))
    let day = floor(local, per: 86_400_000)
    switch part {
    case .day: return day
    case .hour: return floor(rest(local, per: 86_400_000), per: 3_600_000)
    // Day 0 was a Thursday.
    case .weekday: return .binary(.plus, rest(.binary(.plus, day, constant(3)), per: 7), constant(1))
    }
  }

  /// Over a step's events one by one: SQL's own aggregates know one variable, and no `DISTINCT`.
  private func aggregate(_ kind: Term.Aggregate, _ step: Int, _ inner: Term?) throws(SQLRefusal) -> SQLExpression {
    let all = variables[step]
    guard let inner else { return .literal(.number(Double(all.count))) }
    let isOfNumbers: Bool = [.sum, .avg, .min, .max].contains(kind)
    var values: [SQLExpression] = []
    for variable in all {
      var one = self
      one.focus = variable
      values.append(try isOfNumbers ? one.number(inner) : one.value(inner))
    }
    let count = SQLExpression.sum(values.map { .counted(.test($0, .isNotNull)) })
    let sum = SQLExpression.sum(values.map { .call(.coalesce, [$0, .literal(.number(0))]) })
    // LEAST and GREATEST of a NULL are NULL: another value, which changes nothing, takes its place.
    let present = values.map { value in
      values.count == 1 ? value : .call(.coalesce, [value] + values.filter { $0 != value })
    }
    switch kind {
    case .count: return count
    case .sum: return sum
    case .avg: return .binary(.divided, sum, .call(.nullIf, [count, .literal(.number(0))]))
    case .min: return present.count == 1 ? present[0] : .call(.least, present)
    case .max: return present.count == 1 ? present[0] : .call(.greatest, present)
    case .first: return values.count == 1 ? values[0] : .call(.coalesce, values)
    case .last: return values.count == 1 ? values[0] : .call(.coalesce, values.reversed())
    case .distinct:
      let terms = values.indices.map { index -> SQLExpression in
        let earlier = values[..<index].map { SQLExpression.test(.binary(.equal, values[index], $0), .isNotTrue) }
        return .counted(.all([.test(values[index], .isNotNull)] + earlier))
      }
      return .sum(terms)
    }
  }
}

extension Attribute {
  /// The column of the table of events.
  var column: String {
    switch self {
    case .user: "user"
    case .type: "event"
    case .time: "ts"
    case .property(let name): name
    }
  }
}

extension Term.Operator {
  fileprivate var compared: SQLExpression.Operator? {
    switch self {
    case .equal: .equal
    case .unequal: .unequal
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    default: nil
    }
  }

  fileprivate var computed: SQLExpression.Operator? {
    switch self {
    case .plus: .plus
    case .minus: .minus
    case .times: .times
    default: nil
    }
  }
}
