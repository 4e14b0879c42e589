import AttuneModel

extension Term {
  /// Whether it is certain that this never holds. False only says that no contradiction was found.
  var isContradictory: Bool {
    guard let branches = branches(holding: true) else { return false }
    return branches.allSatisfy { Constraints($0).areContradictory }
  }

  /// Its parts joined by `and`.
  var conjuncts: [Term] {
    if case .binary(.and, let left, let right) = self { left.conjuncts + right.conjuncts } else { [self] }
  }

  /// All of them at once; `always` where there are none.
  static func all(_ terms: [Term]) -> Term {
    terms.dropFirst().reduce(terms.first ?? .literal(.bool(true))) { .binary(.and, $0, $1) }
  }

  /// The ways in which it can hold (or not), each a list of things that do or do not; nil when there are too many.
  private func branches(holding: Bool) -> [[Constraints.Claim]]? {
    switch (self, holding) {
    case (.not(let term), _): return term.branches(holding: !holding)
    case (.binary(.and, let left, let right), true), (.binary(.or, let left, let right), false):
      guard let a = left.branches(holding: holding), let b = right.branches(holding: holding),
        a.count * b.count <= Constraints.mostBranches
      else { return nil }
      return a.flatMap { first in b.map { first + $0 } }
    case (.binary(.or, let left, let right), true), (.binary(.and, let left, let right), false):
      guard let a = left.branches(holding: holding), let b = right.branches(holding: holding),
        a.count + b.count <= Constraints.mostBranches
      else { return nil }
      return a + b
    default: return [[Constraints.Claim(term: self, holds: holding)]]
    }
  }
}

/// What must be true of the values that a condition speaks of, all at once.
struct Constraints {
  struct Claim: Hashable {
    var term: Term
    var holds: Bool
  }

  static let mostBranches = 64

  private var ranges: [Term: ValueRange] = [:]
  /// Of two values that are no constants: the orders they may have, by their terms.
  private var orders: [[Term]: Set<Order>] = [:]
  private(set) var areContradictory = false

  private enum Order: CaseIterable { case less, equal, greater, none }

  init(_ claims: [Claim]) {
    let held = Set(claims)
    for claim in claims {
      if held.contains(Claim(term: claim.term, holds: !claim.holds)) { areContradictory = true }
      if case .literal(let value) = claim.term, (value == .bool(true)) != claim.holds { areContradictory = true }
    }
    // What is denied says something only of values that are known to be there.
    for claim in claims where claim.holds { demand(claim.term) }
    for claim in claims where !claim.holds { deny(claim.term) }
    if ranges.values.contains(where: \.isEmpty) || orders.values.contains(where: \.isEmpty) { areContradictory = true }
  }

  private mutating func demand(_ term: Term) {
    switch term {
    case .exists(let inner): require(inner)
    case .binary(let op, let left, .literal(let value)): ranges[left, default: ValueRange()].demand(op, value)
    case .binary(let op, .literal(let value), let right):
      require(right)
      if let mirrored = op.mirrored { ranges[right, default: ValueRange()].demand(mirrored, value) }
    case .binary(let op, let left, let right):
      require(left)
      require(right)
      relate(op, left, right)
    default: break
    }
  }

  /// It has some value.
  private mutating func require(_ term: Term) { if ranges[term] == nil { ranges[term] = ValueRange() } }

  private mutating func deny(_ term: Term) {
    switch term {
    case .exists(let inner): if ranges[inner] != nil { areContradictory = true }
    case .binary(let op, let left, .literal(let value)): ranges[left]?.deny(op, value)
    case .binary(let op, .literal(let value), let right):
      if let mirrored = op.mirrored { ranges[right]?.deny(mirrored, value) }
    default: break
    }
  }

  private mutating func relate(_ op: Term.Operator, _ left: Term, _ right: Term) {
    guard let wanted = allowed(op) else { return }
    if orders[[right, left]] != nil, let mirrored = op.mirrored, let flipped = allowed(mirrored) {
      orders[[right, left]]?.formIntersection(flipped)
    } else {
      orders[[left, right], default: Set(Order.allCases)].formIntersection(wanted)
    }
  }

  private func allowed(_ op: Term.Operator) -> Set<Order>? {
    switch op {
    case .equal: [.equal]
    case .unequal: [.less, .greater, .none]
    case .less: [.less]
    case .lessOrEqual: [.less, .equal]
    case .greater: [.greater]
    case .greaterOrEqual: [.greater, .equal]
    default: nil
    }
  }
}

extension Term.Operator {
  /// What it is with its sides exchanged.
  var mirrored: Term.Operator? {
    switch self {
    case .equal, .unequal: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: nil
    }
  }
}
