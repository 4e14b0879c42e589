import AttuneModel

/// One reach as a user's ledger remembers it: 24 bytes.
struct Reach: Sendable {
  enum State: UInt8, Sendable {
    case reserved = 0
    case committed, released, unknown
    /// Not a reach: the head of a free block of the slab.
    case free
  }

  /// What counts it at present: a later day or a new window takes the mark away.
  struct Marks: OptionSet, Sendable {
    let rawValue: UInt8
    static let day = Marks(rawValue: 1)
    static let window = Marks(rawValue: 4)
    static let scene = Marks(rawValue: 8)
    /// Its key was forgotten before the next reach: it never is the last again.
    static let past = Marks(rawValue: 16)
    /// The business's present window began with it, and goes by its terms; released or not.
    static let opensWindow = Marks(rawValue: 32)
    static let opensScene = Marks(rawValue: 64)

    static let inWindow: Marks = [.window, .opensWindow]
    static let inScene: Marks = [.scene, .opensScene]
  }

  var id: UInt64
  var at: Instant
  /// Number of the terms in force at this reach.
  var terms: UInt32
  var marks: Marks
  var state: State

  var isReleased: Bool { state == .released }
}
