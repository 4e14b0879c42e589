import AttuneModel

/// An expression of SQL, as far as rules need it. Every value may be NULL, conditions too.
indirect enum SQLExpression: Hashable, Sendable {
  /// A number, a text, or true or false.
  case literal(Value)
  /// NULL, where a column holds no number.
  case noNumber
  /// Of the last row mapped to a pattern variable.
  case column(variable: String, name: String)
  case binary(Operator, SQLExpression, SQLExpression)
  case test(SQLExpression, Test)
  /// Where a text begins in another, from 1; 0 when it does not.
  case position(of: SQLExpression, in: SQLExpression)
  case call(Function, [SQLExpression])
  case double(SQLExpression)
  case floor(SQLExpression)
  case negative(SQLExpression)
  /// 1 when it is true, else 0.
  case counted(SQLExpression)

  enum Operator: String, Hashable, Sendable {
    case and = "AND"
    case or = "OR"
    case equal = "="
    case unequal = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divided = "/"
  }

  enum Test: String, Hashable, Sendable {
    case isTrue = "IS TRUE"
    case isNotTrue = "IS NOT TRUE"
    case isNotNull = "IS NOT NULL"
  }

  enum Function: String, Hashable, Sendable {
    case coalesce = "COALESCE"
    case nullIf = "NULLIF"
    case least = "LEAST"
    case greatest = "GREATEST"
  }

  static func any(_ conditions: [SQLExpression]) -> SQLExpression {
    conditions.dropFirst().reduce(conditions.first ?? .literal(.bool(false))) { .binary(.or, $0, $1) }
  }

  static func all(_ conditions: [SQLExpression]) -> SQLExpression {
    conditions.dropFirst().reduce(conditions.first ?? .literal(.bool(true))) { .binary(.and, $0, $1) }
  }

  static func sum(_ terms: [SQLExpression]) -> SQLExpression {
    terms.dropFirst().reduce(terms.first ?? .literal(.number(0))) { .binary(.plus, $0, $1) }
  }
}

// As Flink SQL reads it.
extension SQLExpression: CustomStringConvertible {
  var description: String {
    switch self {
    case .literal(let value): Self.text(value)
    case .noNumber: "CAST(NULL AS DOUBLE)"
    case .column(let variable, let name): "\(variable).\(Self.quoted(name))"
    case .binary(let op, let left, let right):
      "\(Self.operand(left, of: op)) \(op.rawValue) \(Self.operand(right, of: op))"
    case .test(let inner, let test): "\(inner.inBrackets) \(test.rawValue)"
    case .position(let part, let text): "POSITION(\(part) IN \(text))"
    case .call(let function, let arguments):
      "\(function.rawValue)(\(arguments.map(\.description).joined(separator: ", ")))"
    case .double(let inner): "CAST(\(inner) AS DOUBLE)"
    case .floor(let inner): "FLOOR(\(inner))"
    case .negative(let inner): "-\(inner.inBrackets)"
    case .counted(let condition): "CASE WHEN \(condition) THEN 1E0 ELSE 0E0 END"
    }
  }

  /// Chains of one operator that may be joined in any order need no brackets.
  private static func operand(_ term: SQLExpression, of op: Operator) -> String {
    if case .binary(op, _, _) = term, op == .and || op == .or || op == .plus {
      term.description
    } else {
      term.inBrackets
    }
  }

  private var inBrackets: String {
    switch self {
    case .binary, .test, .counted, .negative: "(\(self))"
    case .literal, .noNumber, .column, .position, .call, .double, .floor: description
    }
  }

  static func quoted(_ name: String) -> String {
    "`" + name.reduce(into: "") { $0 += $1 == "`" ? "``" : String($1) } + "`"
  }

  static func text(_ value: Value) -> String {
    switch value {
    case .string(let text): "'" + text.reduce(into: "") { $0 += $1 == "'" ? "''" : String($1) } + "'"
    case .bool(let flag): flag ? "TRUE" : "FALSE"
    case .number(let number): number < 0 ? "(-\(digits(-number)))" : digits(number)
    case .list: value.description
    }
  }

  /// With an exponent: without one it is an integer or a decimal there, with other limits and other sums.
  private static func digits(_ number: Double) -> String {
    let text = Value.number(number).description
    if let exponent = text.firstIndex(of: "e") {
      let sign = text[text.index(after: exponent)...].drop { $0 == "+" }
      return "\(text[..<exponent])E\(sign)"
    }
    return text + "E0"
  }
}
