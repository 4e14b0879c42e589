/// What a publication makes of one rule.
public struct RuleChange: Hashable, Sendable {
  /// The rule's name.
  public var rule: String
  /// What became of it.
  public var kind: Kind
  /// The version in force before; nil for a new one.
  public var before: Int?
  /// The version in force from now on; nil for a removed one.
  public var after: Int?

  /// A change as it is told.
  public init(rule: String, kind: Kind, before: Int?, after: Int?) {
    self.rule = rule
    self.kind = kind
    self.before = before
    self.after = after
  }

  /// New, changed or removed; unchanged rules are told too.
  public enum Kind: String, Sendable, CaseIterable {
    case new, changed, removed, unchanged
  }
}

extension RuleSet {
  /// How it differs from the set it was compiled to replace: each rule of either, in alphabetical order.
  ///
  /// ```swift
  /// let news = next.changes(since: current).filter { $0.kind != .unchanged }
  /// ```
  public func changes(since previous: RuleSet) -> [RuleChange] {
    let before = Dictionary(previous.rules.map { ($0.name, $0) }) { first, _ in first }
    let after = Dictionary(rules.map { ($0.name, $0) }) { first, _ in first }
    return Set(before.keys).union(after.keys).sorted().map { name in
      let (old, new) = (before[name], after[name])
      let kind: RuleChange.Kind =
        if let old, let new { old.serial == new.serial ? .unchanged : .changed } else { old == nil ? .new : .removed }
      return RuleChange(rule: name, kind: kind, before: old?.version, after: new?.version)
    }
  }
}
