import AttuneModel

/// Phased release: lets a stable share of users through. Raising the share keeps everybody who was in.
struct RolloutFilter: Filter {
  static let name = "rollout"

  let share: Double

  static func read(_ options: Node?, _ context: FilterReading, _ diagnostics: inout Diagnostics) -> (any Filter)? {
    let node = options ?? Node(.null, mark: context.mark)
    return node.share("the share of users", hint: "write { rollout: 50% }", &diagnostics).map(RolloutFilter.init)
  }

  func answer(_ question: FilterQuestion) -> FilterAnswer {
    let place = StableHash.of("rollout", question.business, question.user).fraction()
    if place < share { return .pass(details: [Property("share", .number(share))]) }
    return .refuse(reason: "outside the \(Value.number(share * 100))% rolled out so far")
  }
}
