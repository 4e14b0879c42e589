import AttuneModel

/// An event that attempts have taken. Attempts that branched share what they took before: each node knows the one
/// before it.
struct TakenNode: Sendable {
  var at: Instant
  var sequence: UInt64
  var previous: Handle
  /// Attempts that end here and nodes that follow.
  var references: UInt32 = 1
  /// In the store's `details`; none where the rule keeps nothing and the event has no id.
  var details: Handle
  /// The step in the upper byte, the number of the repetition, from 1, in the rest.
  private var place: UInt32

  init(at: Instant, sequence: UInt64, step: Int, repetition: Int, details: Handle, after previous: Handle) {
    self.at = at
    self.sequence = sequence
    self.previous = previous
    self.details = details
    place = UInt32(step) << 24 | UInt32(min(repetition, 0xFF_FFFF))
  }

  var step: Int { Int(place >> 24) }
  var repetition: Int { Int(place & 0xFF_FFFF) }
  var position: Position { Position(at: at, sequence: sequence) }

  /// What a node holds beside its place in time.
  struct Details: Hashable, Sendable {
    var id: String?
    /// In the order of the step's `kept`, then what `same` and `distinct` gave.
    var values: [Value?] = []
    /// Members of the step's `objects`.
    var members: [Property] = []
  }
}

/// The order of events: by time, and at equal instants by arrival.
struct Position: Hashable, Comparable {
  var at: Instant
  var sequence: UInt64

  static func < (a: Position, b: Position) -> Bool { (a.at, a.sequence) < (b.at, b.sequence) }
}
