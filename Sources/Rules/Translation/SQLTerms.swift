import AttuneModel

/// Turns expressions of a rule into SQL, where every matched event has a variable of its own.
struct SQLTerms {
  let steps: [Pattern.Step]
  /// By step, the variables of its events.
  let variables: [[String]]
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
    case .binary(.oneOf, _, .literal(.list(let values))) where !values.areOfOneKind:
      throw SQLRefusal("'in' lists texts, numbers or truth values side by side, and a column holds one kind")
    case .binary(.oneOf, let left, .literal(.list(let values))):
      values.isEmpty ? .literal(.bool(false)) : .oneOf(try value(left), values)
    case .binary(.oneOf, _, _): throw SQLRefusal("'in' asks a list that is a property, and columns hold no lists")
    case .binary(.startsWith, let text, let part):
      .binary(.equal, .position(of: try value(part), in: try value(text)), .literal(.number(1)))
    case .binary(.contains, let text, let part):
      .binary(.greater, .position(of: try value(part), in: try value(text)), .literal(.number(0)))
    case .binary(let op, let left, let right):
      if let known = op.compared { .binary(known, try value(left), try value(right)) } else { try value(term) }
    default: try value(term)
    }
  }

  func value(_ term: Term) throws(SQLRefusal) -> SQLExpression {
    switch term {
    case .literal(.list): throw SQLRefusal("a list of constants is no value of a column")
    case .literal(let value): return .literal(value)
    case .event(let attribute): return .column(variable: row ?? "", name: attribute.column)
    case .taken(let step, let index): return try taken(step) { steps[$0].kept[index].column }
    case .takenTime(let step): return try taken(step) { _ in Attribute.time.column }
    case .profile(let name):
      throw SQLRefusal("'profile.\(name)' is no column", hint: "join the profile into the table of events")
    case .calendar(let part, _, _):
      throw SQLRefusal(
        "'\(part.rawValue)(...)' follows the rule's zone, and SQL the session's", hint: "keep it a column of the events"
      )
    case .negative(let inner): return .negative(try value(inner))
    case .aggregate(let kind, let step, let inner): return try aggregate(kind, step, inner)
    case .binary(.divided, let left, let right):
      let divisor = SQLExpression.call(.nullIf, [.double(try value(right)), .literal(.number(0))])
      return .binary(.divided, .double(try value(left)), divisor)
    case .binary(let op, let left, let right):
      if let known = op.computed { return .binary(known, try value(left), try value(right)) }
      return .test(try condition(term), .isTrue)
    case .not, .exists: return .test(try condition(term), .isTrue)
    }
  }

  private func taken(_ step: Int, _ column: (Int) -> String) throws(SQLRefusal) -> SQLExpression {
    guard variables.indices.contains(step), let last = variables[step].last else {
      throw SQLRefusal("it asks for a step that is not there")
    }
    if let focus, variables[step].contains(focus) { return .column(variable: focus, name: column(step)) }
    return .column(variable: last, name: column(step))
  }

  /// Over a step's events one by one: SQL's own aggregates know one variable, and no `DISTINCT`.
  private func aggregate(_ kind: Term.Aggregate, _ step: Int, _ inner: Term?) throws(SQLRefusal) -> SQLExpression {
    let all = variables[step]
    guard let inner else { return .literal(.number(Double(all.count))) }
    var values: [SQLExpression] = []
    for variable in all {
      var one = self
      one.focus = variable
      values.append(try one.value(inner))
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
    case .avg: return .binary(.divided, .double(sum), .call(.nullIf, [count, .literal(.number(0))]))
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

extension [Value] {
  fileprivate var areOfOneKind: Bool {
    allSatisfy { value in
      switch (value, self[0]) {
      case (.string, .string), (.number, .number), (.bool, .bool), (.list, .list): true
      default: false
      }
    }
  }
}
