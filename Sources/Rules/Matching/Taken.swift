import AttuneModel

/// A taken event as expressions and matches see it.
struct Taken: Hashable, Sendable {
  var step: Int
  var sequence: UInt64
  var at: Instant
  var details = TakenNode.Details()

  var position: Position { Position(at: at, sequence: sequence) }

  /// In the order of the step's `kept`.
  var values: [Value?] { details.values }
}

extension [Property] {
  /// What a nested object became: the properties below a name.
  func members(of name: String) -> [Property] { filter { $0.name.hasPrefix(name + ".") } }
}
