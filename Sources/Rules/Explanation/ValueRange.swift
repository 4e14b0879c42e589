import AttuneModel

/// The values that something present can still have.
struct ValueRange {
  private var kind: Kind?
  /// When it is one of a few.
  private var values: [Value]?
  private var lower: Bound?
  private var upper: Bound?
  private var excluded: [Value] = []
  private var prefixes: [String] = []
  private var hasTwoKinds = false

  private enum Kind { case text, number, flag, list }

  private struct Bound {
    var value: Value
    var included: Bool
  }

  /// `op value` holds for it.
  mutating func demand(_ op: Term.Operator, _ value: Value) {
    switch op {
    case .equal:
      restrict(to: Self.kind(value))
      restrict(to: [value])
    case .unequal: excluded.append(value)
    case .oneOf: if case .list(let values) = value { restrict(to: values) }
    case .startsWith:
      restrict(to: .text)
      if case .string(let prefix) = value { prefixes.append(prefix) }
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      restrict(to: Self.kind(value))
      bound(op, value)
    default: break
    }
  }

  /// It is there, and `op value` does not hold for it.
  mutating func deny(_ op: Term.Operator, _ value: Value) {
    switch op {
    case .equal: excluded.append(value)
    case .oneOf: if case .list(let values) = value { excluded += values }
    case .unequal: demand(.equal, value)
    case .less: if kind == Self.kind(value) { bound(.greaterOrEqual, value) }
    case .lessOrEqual: if kind == Self.kind(value) { bound(.greater, value) }
    case .greater: if kind == Self.kind(value) { bound(.lessOrEqual, value) }
    case .greaterOrEqual: if kind == Self.kind(value) { bound(.less, value) }
    default: break
    }
  }

  /// Whether certainly no value is left.
  var isEmpty: Bool {
    if hasTwoKinds { return true }
    if let values { return !values.contains(where: fits) }
    guard let lower, let upper, let order = Self.order(lower.value, upper.value) else { return false }
    if order == 0 { return !(lower.included && upper.included) || excluded.contains(lower.value) }
    return order > 0
  }

  private func fits(_ value: Value) -> Bool {
    if excluded.contains(value) { return false }
    if let kind, kind != Self.kind(value) { return false }
    if case .string(let text) = value, !prefixes.allSatisfy({ text.hasPrefix($0) }) { return false }
    if let lower, let order = Self.order(lower.value, value), order > 0 || order == 0 && !lower.included {
      return false
    }
    if let upper, let order = Self.order(value, upper.value), order > 0 || order == 0 && !upper.included {
      return false
    }
    return true
  }

  private mutating func restrict(to kind: Kind) {
    if let known = self.kind, known != kind { hasTwoKinds = true }
    self.kind = kind
  }

  private mutating func restrict(to some: [Value]) { values = values.map { $0.filter(some.contains) } ?? some }

  private mutating func bound(_ op: Term.Operator, _ value: Value) {
    let bound = Bound(value: value, included: op == .lessOrEqual || op == .greaterOrEqual)
    if op == .less || op == .lessOrEqual {
      if let upper, let order = Self.order(upper.value, value), order < 0 || order == 0 && !upper.included { return }
      upper = bound
    } else {
      if let lower, let order = Self.order(lower.value, value), order > 0 || order == 0 && !lower.included { return }
      lower = bound
    }
  }

  private static func kind(_ value: Value) -> Kind {
    switch value {
    case .string: .text
    case .number: .number
    case .bool: .flag
    case .list: .list
    }
  }

  /// Below, at or above zero; nil for values without an order.
  private static func order(_ a: Value, _ b: Value) -> Int? {
    switch (a, b) {
    case (.number(let a), .number(let b)): a < b ? -1 : a == b ? 0 : 1
    case (.string(let a), .string(let b)): a < b ? -1 : a == b ? 0 : 1
    default: nil
    }
  }
}
