import Model

/// All of a reach but its instant and its id, of which it has 16 bits to tell it from most others.
struct Head: Sendable {
  let word: UInt64

  init(word: UInt64) { self.word = word }

  init(_ reach: Reach) {
    word =
      UInt64(reach.terms) | UInt64(reach.marks.rawValue) << 32 | UInt64(reach.state.rawValue) << 40
      | UInt64(Self.tag(reach.id)) << 48
  }

  var terms: UInt32 { UInt32(truncatingIfNeeded: word) }
  var marks: Reach.Marks { Reach.Marks(rawValue: UInt8(truncatingIfNeeded: word >> 32)) }
  var state: Reach.State { Reach.State(rawValue: UInt8(truncatingIfNeeded: word >> 40)) ?? .reserved }
  var tag: UInt16 { UInt16(truncatingIfNeeded: word >> 48) }

  var isReleased: Bool { UInt8(truncatingIfNeeded: word >> 40) == Reach.State.released.rawValue }

  /// 1 if it has that one mark, else 0.
  func bit(_ mark: Reach.Marks) -> Int {
    Int(truncatingIfNeeded: word >> (32 + UInt64(mark.rawValue.trailingZeroBitCount))) & 1
  }

  static func tag(_ id: UInt64) -> UInt16 { UInt16(truncatingIfNeeded: mix64(id)) }
}
