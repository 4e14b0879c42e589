public import AttuneModel

// Users and keys live apart: the rules of a single user go with the user, the others are divided by key.
extension RuleSet {
  /// Over how many matchers keys are divided.
  public static let shardCount = 64

  /// The part of a set that fits, replaced versions included; numbers and versions are those of the whole.
  public func filter(_ isIncluded: (Rule) -> Bool) -> RuleSet {
    let rules = rules.filter(isIncluded)
    let retired = retired.filter { isIncluded($0.rule) }
    if rules.count == self.rules.count, retired.count == self.retired.count { return self }
    return RuleSet(rules: rules, retired: retired, nextSerial: nextSerial)
  }

  /// Nothing is looked for, and nothing finishes.
  public var isEmpty: Bool { rules.isEmpty && retired.isEmpty }

  /// The shards whose keys an event reaches, as bits: its own of each key it has, all of them for part of a key.
  public func shards(of event: Event) -> UInt64 {
    var shards: UInt64 = 0
    for key in concern(of: event.name).keys {
      switch KeyReading(key, of: event) {
      case .none: continue
      case .part: return .max
      case .whole(let key): shards |= 1 << UInt64(key.shard)
      }
    }
    return shards
  }
}

extension Digest {
  /// From the lane by which tables do not place their keys.
  var shard: Int { Int(high % UInt64(RuleSet.shardCount)) }
}
