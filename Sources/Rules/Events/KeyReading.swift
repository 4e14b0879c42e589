import AttuneModel

/// What an event has of a rule's key.
enum KeyReading {
  case whole(Digest)
  /// Some of the values, as bits, and what they are.
  case part(UInt32, Digest)
  /// Nothing of it, or what no key can hold.
  case none

  init(_ key: [Attribute], of event: borrowing Event) {
    var digest = Digest()
    var present: UInt32 = 0
    for (index, attribute) in key.enumerated() {
      if attribute == .user {
        // The most common one, without a value made of it.
        if event.user.isEmpty { continue }
        present |= 1 << UInt32(index)
        digest.combine(event.user)
        continue
      }
      guard let value = attribute.value(in: event) else { continue }
      guard value.canBeKey else {
        self = .none
        return
      }
      present |= 1 << UInt32(index)
      digest.combine(value)
    }
    if present == 1 << UInt32(key.count) - 1 {
      self = .whole(digest)
    } else {
      self = present == 0 ? .none : .part(present, digest)
    }
  }
}

extension Digest {
  /// Of a whole key, or of those of its values that are named by bits.
  init(_ values: [Value], present: UInt32 = .max) {
    self.init()
    for (index, value) in values.enumerated() where present & 1 << UInt32(index) != 0 { combine(value) }
  }

  mutating func combine(_ value: Value) {
    switch value {
    case .string(let text): combine(text)
    // Tags that no text's length can be. Minus zero counts as zero.
    case .number(let number):
      combine(.max)
      combine((number + 0).bitPattern)
    case .bool(let flag): combine(flag ? .max - 1 : .max - 2)
    case .list: break
    }
  }
}

extension Value {
  var canBeKey: Bool {
    switch self {
    case .number(let number): number.isFinite
    case .list: false
    case .string, .bool: true
    }
  }

  /// Truth values before numbers before texts; lists are never part of a key.
  private func comesBefore(_ other: Value) -> Bool {
    switch (self, other) {
    case (.bool(let a), .bool(let b)): !a && b
    case (.number(let a), .number(let b)): a < b
    case (.string(let a), .string(let b)): a < b
    default: rank < other.rank
    }
  }

  private var rank: Int {
    switch self {
    case .bool: 0
    case .number: 1
    case .string: 2
    case .list: 3
    }
  }

  /// The order of keys.
  static func areInOrder(_ a: [Value], _ b: [Value]) -> Bool? {
    for (x, y) in zip(a, b) {
      if x.comesBefore(y) { return true }
      if y.comesBefore(x) { return false }
    }
    return a.count == b.count ? nil : a.count < b.count
  }
}
