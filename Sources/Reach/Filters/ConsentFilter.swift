import AttuneModel

/// Asks the user's own wish: `profile.consent`, and `profile.topics.<topic>` for the business's topic.
///
/// A phone that shows notifications has said yes once, so silence is consent; `consent: explicit` wants it in the profile.
struct ConsentFilter: Filter {
  static let name = "consent"

  let topic: String?
  let explicit: Bool

  static func read(_ options: Node?, _ context: FilterReading, _ diagnostics: inout Diagnostics) -> (any Filter)? {
    guard let options else { return ConsentFilter(topic: context.topic, explicit: false) }
    guard options.choice("the kind of consent", of: ["explicit", "implied"], &diagnostics) != nil else { return nil }
    return ConsentFilter(topic: context.topic, explicit: options.scalar == "explicit")
  }

  func answer(_ question: FilterQuestion) -> FilterAnswer {
    let general = question.profile["consent"]
    if general == .bool(false) { return .refuse(reason: "the user wants no messages") }
    if let topic {
      let wish = question.profile["topics.\(topic)"]
      if wish == .bool(false) { return .refuse(reason: "the user muted the topic '\(topic)'") }
      if wish == .bool(true) { return .pass(details: [Property("topic", .string(topic))]) }
    }
    if explicit, general != .bool(true) { return .refuse(reason: "the user has not agreed yet") }
    return .pass()
  }
}
