import AttuneModel

/// A taken event as expressions and matches see it.
struct TakenEvent: Hashable, Sendable {
  var step: Int
  var sequence: UInt64
  var at: Instant
  var details = Details()

  var position: EventPosition { EventPosition(at: at, sequence: sequence) }

  /// In the order of the step's `kept`.
  var values: [Value?] { details.values }

  /// What is kept of it beside its place in time.
  struct Details: Hashable, Sendable {
    var id: String?
    /// In the order of the step's `kept`, then what `same` and `distinct` gave.
    var values: [Value?] = []
    /// Members of the step's `objects`.
    var members: [Property] = []
  }
}

/// The order of events: by time, and at equal instants by arrival.
struct EventPosition: Hashable, Comparable {
  var at: Instant
  var sequence: UInt64

  static func < (a: EventPosition, b: EventPosition) -> Bool { (a.at, a.sequence) < (b.at, b.sequence) }
}

extension [Property] {
  /// What a nested object became: the properties below a name.
  func members(of name: String) -> [Property] { filter { $0.name.hasPrefix(name + ".") } }
}
