import AttuneModel

@testable import Rules

/// What a query finds in the rows of one partition, by the words of the SQL standard: from each row the first mapping
/// in the order of preference (a reluctant variable takes as few rows as it can), then on as `AFTER MATCH` says.
struct RowPattern {
  let query: MatchRecognize
  /// In the order of their instants.
  let rows: [Event]

  typealias Mapping = [(variable: String, row: Int)]

  func matches() -> [Mapping] {
    var found: [Mapping] = []
    var start = 0
    while start < rows.count {
      guard let mapping = mapping(from: start, variable: 0, []), let last = mapping.last?.row else {
        start += 1
        continue
      }
      found.append(mapping)
      switch query.skip {
      case .toNextRow: start += 1
      case .pastLastRow: start = last + 1
      case .toVariable(let name): start = mapping.first { $0.variable == name }?.row ?? last + 1
      }
    }
    return found
  }

  func measures(of mapping: Mapping) -> [Value?] { query.measures.map { value($0.value, mapping) } }

  private func mapping(from row: Int, variable: Int, _ mapped: Mapping) -> Mapping? {
    guard variable < query.pattern.count else { return isShort(mapped) ? mapped : nil }
    let next = query.pattern[variable]
    let isMany = next.quantifier == .reluctant
    if isMany, let fewer = mapping(from: row, variable: variable + 1, mapped) { return fewer }
    guard row < rows.count else { return nil }
    let longer = mapped + [(next.name, row)]
    guard value(next.condition, longer) == .bool(true) else { return nil }
    return mapping(from: row + 1, variable: isMany ? variable : variable + 1, longer)
  }

  private func isShort(_ mapped: Mapping) -> Bool {
    guard let within = query.within, let first = mapped.first, let last = mapped.last else { return true }
    return rows[last.row].at - rows[first.row].at < within
  }

  /// Nil is NULL.
  private func value(_ expression: SQLExpression, _ mapped: Mapping) -> Value? {
    func inner(_ expression: SQLExpression) -> Value? { value(expression, mapped) }
    switch expression {
    case .literal(let value): return value
    case .column(let variable, let name): return column(name, mapped.last { $0.variable == variable }?.row)
    case .binary(.and, let a, let b):
      let sides = [inner(a), inner(b)]
      return sides.contains(.bool(false)) ? .bool(false) : sides.contains(nil) ? nil : .bool(true)
    case .binary(.or, let a, let b):
      let sides = [inner(a), inner(b)]
      return sides.contains(.bool(true)) ? .bool(true) : sides.contains(nil) ? nil : .bool(false)
    case .binary(let op, let a, let b):
      guard let a = inner(a), let b = inner(b) else { return nil }
      return binary(op, a, b)
    case .test(let term, .isTrue): return .bool(inner(term) == .bool(true))
    case .test(let term, .isNotTrue): return .bool(inner(term) != .bool(true))
    case .test(let term, .isNotNull): return .bool(inner(term) != nil)
    case .noNumber: return nil
    case .floor(let term): return inner(term).map { .number(number($0).rounded(.down)) }
    case .position(let part, let text):
      guard case .string(let part)? = inner(part), case .string(let text)? = inner(text) else { return nil }
      let (some, all) = (Array(part), Array(text))
      guard some.count <= all.count else { return .number(0) }
      let place = (0...all.count - some.count).first { Array(all[$0..<$0 + some.count]) == some }
      return .number(place.map { Double($0 + 1) } ?? 0)
    case .call(let function, let arguments): return call(function, arguments.map(inner))
    case .double(let term): return inner(term)
    case .negative(let term): return inner(term).map { .number(-number($0)) }
    case .counted(let condition): return .number(inner(condition) == .bool(true) ? 1 : 0)
    }
  }

  private func column(_ name: String, _ row: Int?) -> Value? {
    guard let row else { return nil }
    switch name {
    case "user": return .string(rows[row].user)
    case "event": return .string(rows[row].name)
    case "ts": return .number(Double(rows[row].at.milliseconds))
    default: return rows[row].properties[name]
    }
  }

  private func number(_ value: Value) -> Double { if case .number(let number) = value { number } else { .nan } }

  private func binary(_ op: SQLExpression.Operator, _ a: Value, _ b: Value) -> Value? {
    let (x, y) = (number(a), number(b))
    switch op {
    case .and, .or: return nil
    case .equal: return .bool(a == b)
    case .unequal: return .bool(a != b)
    case .less: return .bool(x < y)
    case .lessOrEqual: return .bool(x <= y)
    case .greater: return .bool(x > y)
    case .greaterOrEqual: return .bool(x >= y)
    case .plus: return .number(x + y)
    case .minus: return .number(x - y)
    case .times: return .number(x * y)
    case .divided: return .number(x / y)
    }
  }

  private func call(_ function: SQLExpression.Function, _ arguments: [Value?]) -> Value? {
    switch function {
    case .coalesce: return arguments.compactMap(\.self).first
    case .nullIf: return arguments[0] == arguments[1] ? nil : arguments[0]
    case .least, .greatest:
      guard !arguments.contains(nil) else { return nil }
      let numbers = arguments.compactMap(\.self).map(number)
      return (function == .least ? numbers.min() : numbers.max()).map(Value.number)
    }
  }
}
