/// What a publication makes of one rule.
public struct RuleChange: Hashable, Sendable {
  public var rule: String
  public var kind: Kind
  /// In force before; nil for a new one.
  public var before: Int?
  /// In force from now on; nil for a removed one.
  public var after: Int?

  public init(rule: String, kind: Kind, before: Int?, after: Int?) {
    self.rule = rule
    self.kind = kind
    self.before = before
    self.after = after
  }

  public enum Kind: String, Sendable, CaseIterable {
    case new, changed, removed, unchanged
  }
}

extension RuleSet {
  /// How it differs from the set it was compiled to replace: each rule of either, in alphabetical order.
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
