import AttuneModel

/// Reads an expression by recursive descent, and tells what cannot make sense before it ever runs.
struct Parser {
  /// What is known of a term's value before any event.
  enum Kind: String { case number, string = "text", bool = "condition", list, unknown = "value" }

  typealias Typed = (term: Term, kind: Kind, offset: Int)

  var scope: Scope
  let zone: Zone
  private var tokens: [Token] = [Token(kind: .end, offset: 0)]
  private var position = 0
  private var depth = 0
  private var operators = 0
  /// Inside an aggregate: the alias it goes over, once known.
  var aggregated: (isOpen: Bool, step: Int?) = (false, nil)
  /// What may be said and is not meant: warnings, as rules that a store holds already must go on.
  private(set) var notices: [SyntaxError] = []
  /// A `-` that looks like a part of a name.
  private(set) var dash: String?

  init(scope: Scope, zone: Zone) {
    self.scope = scope
    self.zone = zone
  }

  mutating func parse(_ text: String, as purpose: Expression.Purpose) throws(SyntaxError) -> Term {
    tokens = try Lexer.tokens(of: text)
    let result = try disjunction()
    guard current.kind == .end else {
      var error = unexpected("an operator such as 'and' or the end")
      if current.kind == .word("not") { error.hint = "'not' stands in front: not x in ['a', 'b']" }
      throw error
    }
    if purpose == .condition { try expect(.bool, result) }
    return result.term
  }

  var current: Token { tokens[position] }

  func unexpected(_ expected: String) -> SyntaxError {
    SyntaxError(current.offset, "expected \(expected), found \(current.shown)")
  }

  mutating func advance() { if position < tokens.count - 1 { position += 1 } }

  mutating func accept(sign: String) -> Bool {
    guard current.kind == .sign(sign) else { return false }
    advance()
    return true
  }

  mutating func require(sign: String) throws(SyntaxError) {
    if !accept(sign: sign) { throw unexpected("'\(sign)'") }
  }

  private mutating func accept(word: String) -> Bool {
    guard current.kind == .word(word) else { return false }
    advance()
    return true
  }

  func expect(_ kind: Kind, _ typed: Typed) throws(SyntaxError) {
    guard typed.kind == kind || typed.kind == .unknown else {
      throw SyntaxError(
        typed.offset, "expected a \(kind.rawValue), found a \(typed.kind.rawValue)",
        hint: kind == .bool ? "compare it with something: x > 5, x == 'a', exists(x)" : nil)
    }
  }

  mutating func disjunction() throws(SyntaxError) -> Typed {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Expression.deepest else {
      throw SyntaxError(current.offset, "the expression is nested more than \(Expression.deepest) deep")
    }
    var left = try conjunction()
    while accept(word: "or") { left = try logical(.or, left, try conjunction()) }
    return left
  }

  private mutating func conjunction() throws(SyntaxError) -> Typed {
    var left = try negation()
    while accept(word: "and") { left = try logical(.and, left, try negation()) }
    return left
  }

  private mutating func logical(_ op: Term.Operator, _ left: Typed, _ right: Typed) throws(SyntaxError) -> Typed {
    try expect(.bool, left)
    try expect(.bool, right)
    return try join(op, left, right, .bool)
  }

  /// A long chain of operators is a deep tree: their number is limited too.
  private mutating func join(
    _ op: Term.Operator, _ left: Typed, _ right: Typed, _ kind: Kind
  ) throws(SyntaxError) -> Typed {
    operators += 1
    guard operators <= Expression.mostOperators else {
      throw SyntaxError(right.offset, "an expression has at most \(Expression.mostOperators) operators")
    }
    return (.binary(op, left.term, right.term), kind, left.offset)
  }

  private mutating func negation() throws(SyntaxError) -> Typed {
    let offset = current.offset
    guard accept(word: "not") else { return try comparison() }
    // `not not not ...` nests without brackets.
    depth += 1
    defer { depth -= 1 }
    guard depth <= Expression.deepest else { throw SyntaxError(offset, "too many 'not's") }
    let inner = try negation()
    try expect(.bool, inner)
    return (.not(inner.term), .bool, offset)
  }

  private mutating func comparison() throws(SyntaxError) -> Typed {
    let left = try sum()
    guard let op = comparisonOperator else { return left }
    advance()
    let right = try sum()
    try check(op, left, right)
    checkItems(op, left, right)
    if let next = comparisonOperator {
      throw SyntaxError(
        current.offset, "comparisons cannot be chained with '\(next.rawValue)'", hint: "write a < b and b < c")
    }
    return try join(op, asID(op, left, beside: right), asID(op, right, beside: left), .bool)
  }

  /// Beside a user, an event's number is the id it would be of one.
  private func asID(_ op: Term.Operator, _ typed: Typed, beside other: Typed) -> Typed {
    guard op == .equal || op == .unequal, typed.kind == .unknown else { return typed }
    let isUser =
      switch other.term {
      case .event(let attribute): attribute == .user
      case .taken(let step, let index): scope.kept[step][index] == .user
      default: false
      }
    return isUser ? (.userID(typed.term), typed.kind, typed.offset) : typed
  }

  /// A constant in a list that what is looked for can never be.
  private mutating func checkItems(_ op: Term.Operator, _ left: Typed, _ right: Typed) {
    guard op == .oneOf || op == .contains else { return }
    let (list, sought) = op == .oneOf ? (right, left) : (left, right)
    guard case .literal(.list(let values)) = list.term else { return }
    if values.isEmpty {
      notice(list.offset, "nothing is in an empty list", hint: "name what it may be: ['a', 'b']")
    }
    guard let value = values.first(where: { sought.kind != .unknown && $0.kind != sought.kind }) else { return }
    notice(
      list.offset,
      "a \(sought.kind.rawValue) is never a \(value.kind.rawValue), as \(Self.written(value)) in the list is",
      hint: sought.kind == .string ? "texts stand in quotes: '\(value)'" : "only texts stand in quotes")
  }

  private static func written(_ value: Value) -> String {
    if case .string(let text) = value { "'\(text)'" } else { value.description }
  }

  private var comparisonOperator: Term.Operator? {
    switch current.kind {
    case .sign(let sign) where ["==", "!=", "<", "<=", ">", ">="].contains(sign): Term.Operator(rawValue: sign)
    case .word("in"): .oneOf
    case .word("startsWith"): .startsWith
    case .word("contains"): .contains
    default: nil
    }
  }

  private func check(_ op: Term.Operator, _ left: Typed, _ right: Typed) throws(SyntaxError) {
    switch op {
    case .oneOf: try expect(.list, right)
    case .startsWith:
      try expect(.string, left)
      try expect(.string, right)
    case .contains:
      if left.kind != .list { try expect(.string, left) }
      if left.kind == .string { try expect(.string, right) }
    default:
      let isOrder = op != .equal && op != .unequal
      for side in [left, right] where isOrder && (side.kind == .bool || side.kind == .list) {
        throw SyntaxError(side.offset, "a \(side.kind.rawValue) has no order for '\(op.rawValue)'")
      }
      if left.kind != .unknown, right.kind != .unknown, left.kind != right.kind {
        throw SyntaxError(
          right.offset, "a \(left.kind.rawValue) is never '\(op.rawValue)' a \(right.kind.rawValue)",
          hint: "texts stand in quotes, numbers do not")
      }
    }
  }

  private mutating func sum() throws(SyntaxError) -> Typed {
    try chain(["+": .plus, "-": .minus]) { (parser: inout Parser) throws(SyntaxError) in try parser.product() }
  }

  private mutating func product() throws(SyntaxError) -> Typed {
    try chain(["*": .times, "/": .divided]) { (parser: inout Parser) throws(SyntaxError) in
      try parser.signed()
    }
  }

  private mutating func chain(
    _ operators: [String: Term.Operator], _ part: (inout Parser) throws(SyntaxError) -> Typed
  ) throws(SyntaxError) -> Typed {
    var left = try part(&self)
    while case .sign(let sign) = current.kind, let op = operators[sign] {
      noticeDash()
      advance()
      let right = try part(&self)
      try expect(.number, left)
      try expect(.number, right)
      left = try join(op, left, right, .number)
    }
    return left
  }

  /// `item-id` is a difference, and rarely meant.
  private mutating func noticeDash() {
    guard current.kind == .sign("-"), position > 0, position + 1 < tokens.count,
      case .word(let left) = tokens[position - 1].kind, case .word(let right) = tokens[position + 1].kind,
      tokens[position - 1].offset + left.unicodeScalars.count == current.offset,
      tokens[position + 1].offset == current.offset + 1, !right.contains(".")
    else { return }
    let message = "'\(left)-\(right)' is read as '\(left)' minus '\(right)': a name in an expression has no '-'"
    dash = message
    let name = left.split(separator: ".").last ?? ""
    notice(
      tokens[position - 1].offset, message, hint: "send it as '\(name)_\(right)'; with spaces it is a difference")
  }

  mutating func notice(_ offset: Int, _ message: String, hint: String) {
    notices.append(SyntaxError(offset, message, hint: hint))
  }

  private mutating func signed() throws(SyntaxError) -> Typed {
    let offset = current.offset
    guard accept(sign: "-") else { return try primary() }
    let inner = try primary()
    try expect(.number, inner)
    if case .literal(.number(let number)) = inner.term { return (.literal(.number(-number)), .number, offset) }
    return (.negative(inner.term), .number, offset)
  }
}

extension Value {
  var kind: Parser.Kind {
    switch self {
    case .string: .string
    case .number: .number
    case .bool: .bool
    case .list: .list
    }
  }
}
