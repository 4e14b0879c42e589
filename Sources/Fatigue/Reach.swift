import Model

/// One reach as a user's ledger remembers it.
struct Reach: Sendable {
  enum State: UInt8, Sendable {
    case reserved = 0
    case committed, released, unknown
  }

  /// What counts it at present: a later day, a new window or a release takes the mark away.
  struct Marks: OptionSet, Sendable {
    let rawValue: UInt8
    static let day = Marks(rawValue: 1)
    /// Of a business that may use the day's reserve, by the policy at the time.
    static let priority = Marks(rawValue: 2)
    static let window = Marks(rawValue: 4)
    static let scene = Marks(rawValue: 8)
    /// Its key was forgotten before the next reach: it never is the last again.
    static let past = Marks(rawValue: 16)
  }

  let id: UInt64
  let at: Instant
  /// From here on nothing depends on it: its day, its windows and its gap have ended, and those of the reach before it.
  /// `distantFuture` is never.
  let until: Instant
  /// In force at this reach.
  let minGap: TimeSpan
  var business: UInt32
  /// Means something only with the mark.
  var scene: UInt32
  var marks: Marks
  var state: State

  func isRemembered(at now: Instant) -> Bool { !until.hasCome(by: now) }

  func isCounted(in key: Window.Key) -> Bool {
    switch key {
    case .business(let name): marks.contains(.window) && business == name
    case .scene(let name): marks.contains(.scene) && scene == name
    }
  }
}
