public import Codec
public import Rules

extension JSONWriter {
  /// `"rule", "change", "before", "after"`: versions, where there is one.
  public mutating func members(of change: RuleChange) {
    member("rule", change.rule)
    member("change", change.kind.rawValue)
    if let before = change.before { member("before", before) }
    if let after = change.after { member("after", after) }
  }

  mutating func write(_ changes: [RuleChange]) {
    array(changes) { json, change in json.object { $0.members(of: change) } }
  }
}
