import AttuneModel

/// The rules that events of one type concern, in the order of the set: those in force, then those that only finish.
final class Concern: Sendable {
  final class Route: Sendable {
    let rule: Rule
    let pattern: Pattern
    let plan: Pattern.Plan
    let serial: UInt32
    /// Among `keys`.
    let key: Int
    let relevance: Relevance
    /// Whether the events may start an attempt.
    let opens: Bool

    fileprivate init(_ rule: Rule, key: Int, _ relevance: Relevance, isInForce: Bool) {
      self.rule = rule
      pattern = rule.pattern
      plan = rule.pattern.plan
      serial = UInt32(truncatingIfNeeded: rule.serial)
      self.key = key
      self.relevance = relevance
      opens = isInForce && relevance.fits & plan.openings != 0
    }
  }

  /// The rules' keys, each once.
  let keys: [[Attribute]]
  let routes: [Route]

  init(_ type: String?, _ rules: [(rule: Rule, isInForce: Bool)]) {
    var keys: [[Attribute]] = []
    routes = rules.map { rule, isInForce in
      if !keys.contains(rule.pattern.key) { keys.append(rule.pattern.key) }
      return Route(
        rule, key: keys.firstIndex(of: rule.pattern.key) ?? 0, Relevance(of: type, for: rule.pattern),
        isInForce: isInForce)
    }
    self.keys = keys
  }
}
