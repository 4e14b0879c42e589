import API
import Rules

extension RuleChangeAnswer {
  init(_ change: RuleChange) {
    self.init(rule: change.rule, change: Change(change.kind), before: change.before, after: change.after)
  }
}

extension RuleChangeAnswer.Change {
  fileprivate init(_ kind: RuleChange.Kind) {
    switch kind {
    case .new: self = .new
    case .changed: self = .changed
    case .removed: self = .removed
    case .unchanged: self = .unchanged
    }
  }
}
