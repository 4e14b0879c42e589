import AttuneModel

extension MatchRecognize {
  /// The query that finds what the rule finds, by the SQL standard and by Flink's own way alike.
  init(_ rule: Rule, columns: SQLColumns) throws(SQLRefusal) {
    let pattern = rule.pattern
    try pattern.checkForm()
    try columns.check(rule)
    let chain = try Chain(pattern, columns)
    partition = pattern.key.map(\.column)
    skip = try chain.skip(pattern)
    self.pattern = try chain.variables()
    // Without one an attempt would never end there, and matches wait for it.
    within = pattern.within ?? pattern.steps.spanOfGaps.flatMap { $0 > .zero ? $0 : nil }
    var measures: [Measure] = []
    for emission in pattern.emit {
      var name = emission.name
      // The key is part of the result already.
      while partition.contains(name) || measures.contains(where: { $0.name == name }) || name == Self.instant {
        name += "_emitted"
      }
      if let object = emission.object?.name, columns.hasMembers(of: object) {
        throw SQLRefusal("it emits '\(object)', an object, and columns hold its members", hint: "emit them one by one")
      }
      measures.append(Measure(name: name, value: try chain.terms.value(emission.value.term)))
    }
    self.measures = measures
  }
}

extension Pattern {
  /// Whether its form is one that a query has: one way from the start to the end.
  fileprivate func checkForm() throws(SQLRefusal) {
    if absence != nil {
      throw SQLRefusal("it ends in an absence, and a query has no row for what did not happen in time")
    }
    if endsWithNext { throw SQLRefusal("it ends in a 'notNext', and that is not built") }
    if within == nil, steps.spanOfGaps == nil, let open = steps.firstIndex(where: { $0.gap != nil }) {
      throw SQLRefusal(
        "after a 'gap' in '\(steps[open].label)' that was too long an attempt would not end there, and matches wait for it",
        hint: "within: 1d", step: open)
    }
    for (index, step) in steps.enumerated() {
      if var refusal = step.refusal {
        refusal.step = index
        throw refusal
      }
    }
  }
}

extension Pattern.Step {
  /// Why it has no form in a query.
  fileprivate var refusal: SQLRefusal? {
    if isOptional { return SQLRefusal("'\(label)' is optional, and that is not built") }
    if follows == .any {
      return SQLRefusal("'thenAny' finds several matches from one start, and a query one", hint: "write 'then'")
    }
    if repeats == .any { return SQLRefusal("'combinations' finds several matches from one start, and a query one") }
    if times.lowerBound != times.upperBound {
      return SQLRefusal(
        "the number of '\(label)' is not fixed, and that is not built: Flink SQL has no group that repeats an event with "
          + "those between",
        hint: "times: \(times.lowerBound)")
    }
    if times.upperBound > Self.most {
      return SQLRefusal(
        "'\(label)' takes \(times.upperBound) events, each a variable of its own: more than \(Self.most) are not built")
    }
    if isGreedy { return SQLRefusal("'greedy' is not built") }
    guard forbiddenNext.isEmpty else { return SQLRefusal("'notNext' is not built", hint: "write 'not'") }
    return nil
  }

  private static var most: Int { 32 }
}

/// The matched events in a row, each a variable, with what may lie between them.
private struct Chain {
  let pattern: Pattern
  let names: [[String]]
  let terms: SQLTerms

  init(_ pattern: Pattern, _ columns: SQLColumns) throws(SQLRefusal) {
    self.pattern = pattern
    names = pattern.steps.enumerated().map { index, step in
      // A number at the end keeps them from SQL's own words.
      let base = step.label.isPlainName ? step.label : "step\(index + 1)"
      return (1...step.times.upperBound).map { "\(base)_\($0)" }
    }
    guard Set(names.joined()).count == names.joined().count else {
      throw SQLRefusal("two steps would be called the same in SQL", hint: "give them other names with 'as'")
    }
    terms = SQLTerms(steps: pattern.steps, variables: names, columns: columns)
  }

  func skip(_ pattern: Pattern) throws(SQLRefusal) -> MatchRecognize.Skip {
    let target: String
    switch pattern.skip {
    case .none, .toNext: return .toNextRow
    case .pastLast: return .pastLastRow
    case .toFirst(let step): target = names[step][0]
    case .toLast(let step): target = names[step][names[step].count - 1]
    }
    guard target != names[0][0] else {
      throw SQLRefusal("'skip' names the first event of the match, and a query would find it again for ever")
    }
    return .toVariable(target)
  }

  func variables() throws(SQLRefusal) -> [MatchRecognize.Variable] {
    var variables: [MatchRecognize.Variable] = []
    var previous: String?
    for (index, step) in pattern.steps.enumerated() {
      for (number, name) in names[index].enumerated() {
        let forbidden = index > 0 && number == 0 ? pattern.steps[index - 1].forbidden : []
        let contiguity = number == 0 ? step.follows : step.repeats
        if previous != nil, contiguity == .relaxed {
          let between = "between\(variables.count)"
          let fits = try fit(step, number, names[index], at: between)
          var conditions = try [.test(fits, .isNotTrue)] + denied(forbidden, of: .any, at: between)
          if number > 0, let until = step.until { conditions.append(try fails(until, at: between)) }
          variables.append(
            MatchRecognize.Variable(name: between, quantifier: .reluctant, condition: .all(conditions)))
        }
        var conditions =
          try [fit(step, number, names[index], at: name)] + denied(forbidden, of: step.fit.types, at: name)
        // A row without a part of the key is no event of any key.
        if previous == nil {
          conditions += pattern.key.map { .test(.column(variable: name, name: $0.column), .isNotNull) }
        }
        if let previous, let gap = step.gap { conditions.append(Self.isShort(gap, from: previous, to: name)) }
        if index == names.count - 1, number == names[index].count - 1, let having = pattern.having {
          conditions.append(try terms.condition(having.term))
        }
        variables.append(MatchRecognize.Variable(name: name, quantifier: .one, condition: .all(conditions)))
        previous = name
      }
    }
    return variables
  }

  private static func isShort(_ gap: TimeSpan, from: String, to: String) -> SQLExpression {
    let instants = [to, from].map { SQLExpression.double(.column(variable: $0, name: Attribute.time.column)) }
    let passed = SQLExpression.binary(.minus, instants[0], instants[1])
    return .binary(.less, passed, .literal(.number(Double(gap.milliseconds))))
  }

  /// What the `number`th event of a step is, save for its time.
  private func fit(
    _ step: Pattern.Step, _ number: Int, _ names: [String], at row: String
  ) throws(SQLRefusal) -> SQLExpression {
    var conditions = try [meets(step.fit, at: row)]
    if let until = step.until { conditions.append(try fails(until, at: row)) }
    func value(_ expression: Expression, _ row: String) throws(SQLRefusal) -> SQLExpression {
      var terms = terms
      terms.row = row
      return try terms.value(expression.term)
    }
    if let same = step.same {
      let own = try value(same, row)
      conditions.append(number == 0 ? .test(own, .isNotNull) : .binary(.equal, own, try value(same, names[0])))
    }
    if let distinct = step.distinct {
      let own = try value(distinct, row)
      if number == 0 { conditions.append(.test(own, .isNotNull)) }
      for earlier in names[..<number] { conditions.append(.binary(.unequal, own, try value(distinct, earlier))) }
    }
    return .all(conditions)
  }

  private func fails(_ until: Expression, at row: String) throws(SQLRefusal) -> SQLExpression {
    var terms = terms
    terms.row = row
    return .test(try terms.condition(until.term), .isNotTrue)
  }

  private func meets(_ filter: Pattern.Filter, at row: String) throws(SQLRefusal) -> SQLExpression {
    var terms = terms
    terms.row = row
    var conditions: [SQLExpression] = []
    if case .some(let names) = filter.types {
      let type = SQLExpression.column(variable: row, name: Attribute.type.column)
      conditions.append(.any(names.map { .binary(.equal, type, .literal(.string($0))) }))
    }
    if let condition = filter.condition { conditions.append(try terms.condition(condition.term)) }
    return .all(conditions)
  }

  /// Neither what a `not` forbids here, nor what `without` forbids everywhere.
  private func denied(
    _ forbidden: [Pattern.Filter], of types: EventTypes, at row: String
  ) throws(SQLRefusal) -> [SQLExpression] {
    var conditions: [SQLExpression] = []
    let without = pattern.without.map { [Pattern.Filter(types: $0)] } ?? []
    for filter in forbidden + without where filter.types.overlaps(types) {
      conditions.append(.test(try meets(filter, at: row), .isNotTrue))
    }
    return conditions
  }
}

extension String {
  /// Whether SQL reads it as a name without quotes.
  fileprivate var isPlainName: Bool {
    let isLetter = { (byte: UInt8) in (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
    let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    return utf8.first.map(isLetter) == true
      && utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
  }
}
