import AttuneModel

/// What events of one type can do to one rule.
struct Relevance: Hashable, Sendable {
  /// Steps they may fit, and steps after which they may be forbidden, as bits.
  var fits: UInt32 = 0
  var forbids: UInt32 = 0
  /// They end every attempt: `without`.
  var isBanned = false

  init(of type: String?, for pattern: Pattern) {
    for (index, step) in pattern.steps.enumerated() {
      let bit: UInt32 = 1 << UInt32(index)
      if step.fit.types.covers(type) { fits |= bit }
      if step.forbidden.contains(where: { $0.types.covers(type) }) { forbids |= bit }
    }
    isBanned = pattern.without?.covers(type) ?? false
  }

  /// As a slot's `watch` has it.
  var mask: UInt32 { fits | forbids << 16 }
}

extension EventTypes {
  /// Nil is a type no rule names.
  fileprivate func covers(_ type: String?) -> Bool { type.map(contains) ?? (self == .any) }
}
