import AttuneModel

/// Keeps quiet hours in the user's own zone: puts a message off until they end (`then: defer`), or drops it.
struct QuietHoursFilter: Filter {
  static let name = "quietHours"

  let hours: QuietHours
  let drops: Bool

  static func read(_ options: Node?, _ context: FilterReading, _ diagnostics: inout Diagnostics) -> (any Filter)? {
    guard let options else {
      if let hours = context.quietHours { return QuietHoursFilter(hours: hours, drops: false) }
      diagnostics.error(
        context.mark, "no quiet hours are set",
        hint: "set 'quietHours: { from: \"22:00\", to: \"08:00\" }' in attune.yaml, or here")
      return nil
    }
    guard var fields = Fields(options, "quietHours", &diagnostics) else { return nil }
    let then = fields.take("then")?.choice("what to do in quiet hours", of: ["defer", "drop"], &diagnostics)
    // Only `{ then: drop }` leaves the hours to the folder's.
    let inherits = context.quietHours != nil && !fields.has("from") && !fields.has("to")
    let hours = inherits ? context.quietHours : QuietHours.read(&fields, &diagnostics)
    fields.finish(&diagnostics)
    guard let hours else { return nil }
    return QuietHoursFilter(hours: hours, drops: then == "drop")
  }

  func answer(_ question: FilterQuestion) -> FilterAnswer {
    guard let end = hours.end(question.at, in: question.zone) else { return .pass() }
    let reason = "quiet hours in \(question.zone.name)"
    return drops ? .refuse(reason: reason, next: end) : .defer(reason: reason, until: end)
  }
}
