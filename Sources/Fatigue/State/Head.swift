import AttuneModel

/// All of a reach but its instant and its id, of which it has 16 bits to tell it from most others.
struct Head: Sendable {
  let word: UInt64

  init(word: UInt64) { self.word = word }

  init(_ reach: Reach) {
    word =
      UInt64(reach.terms) | UInt64(reach.marks.rawValue) << 32 | UInt64(Self.counted(reach).rawValue) << 40
      | UInt64(reach.state.rawValue) << 44 | UInt64(Self.tag(reach.id)) << 48
  }

  var terms: UInt32 { UInt32(truncatingIfNeeded: word) }
  var marks: Reach.Marks { Reach.Marks(rawValue: UInt8(truncatingIfNeeded: word >> 32)) }
  var state: Reach.State { Reach.State(rawValue: UInt8(truncatingIfNeeded: word >> 44) & 0xF) ?? .reserved }
  var tag: UInt16 { UInt16(truncatingIfNeeded: word >> 48) }

  var isReleased: Bool { state == .released }

  /// What it adds to each count, in four lanes of 16 bits: the day twice, then the window, then the scene.
  var counts: UInt64 { (word >> 40 & 0xF) &* 0x2000_4001_0001 & 0x0001_0001_0001_0001 }

  /// A bit that no head has.
  static let never: UInt64 = 1 << 47

  /// What makes a reach matter to other businesses: that the day counts it, or a scene.
  static let general: UInt64 = 9 << 40 | UInt64(Reach.Marks.opensScene.rawValue) << 32

  /// The three things of which a look through the reaches wants the place.
  var isLast: Bool { word & 2 << 40 != 0 }
  var opensWindow: Bool { word & UInt64(Reach.Marks.opensWindow.rawValue) << 32 != 0 }
  var opensScene: Bool { word & UInt64(Reach.Marks.opensScene.rawValue) << 32 != 0 }

  /// The marks that count, for a look that need not ask whether it was released; and where no mark is, whether it can be
  /// the last of its key.
  private static func counted(_ reach: Reach) -> Reach.Marks {
    if reach.isReleased { return [] }
    let counted = reach.marks.intersection([.day, .window, .scene])
    return reach.marks.contains(.past) ? counted : counted.union(Reach.Marks(rawValue: 2))
  }

  static func tag(_ id: UInt64) -> UInt16 { UInt16(truncatingIfNeeded: mix64(id)) }
}
