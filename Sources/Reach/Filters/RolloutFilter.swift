import AttuneModel

/// Phased release: lets a stable share of users through. Raising the share keeps everybody who was in.
struct RolloutFilter: Filter {
  static let name = "rollout"

  let share: Double

  static func read(_ options: Node?, _ context: FilterReading, _ diagnostics: inout Diagnostics) -> (any Filter)? {
    if let share = options?.share, (0...1).contains(share) { return RolloutFilter(share: share) }
    diagnostics.error(
      options?.mark ?? context.mark, "expected the share of users, 0% to 100%", hint: "write { rollout: 50% }")
    return nil
  }

  func answer(_ question: FilterQuestion) -> FilterAnswer {
    let place = StableHash.of("rollout", question.business, question.user).fraction()
    if place < share { return .pass(details: [Property("share", .number(share))]) }
    return .refuse(reason: "outside the \(Value.number(share * 100))% rolled out so far")
  }
}
