import AttuneModel

/// `expires: 2h` beside the filters: what the rule saw is no longer worth a message. First in the chain where it is set.
struct ExpiryFilter: Filter {
  static let name = "expiry"

  let after: TimeSpan

  static func read(_ options: Node?, _ context: FilterReading, _ diagnostics: inout Diagnostics) -> (any Filter)? {
    options?.span("the time after which it expires", &diagnostics).map(ExpiryFilter.init(after:))
  }

  func answer(_ question: FilterQuestion) -> FilterAnswer {
    question.at < question.matched + after ? .pass() : .refuse(reason: "expired \(after) after the match")
  }
}
