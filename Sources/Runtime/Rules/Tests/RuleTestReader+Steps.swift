import AttuneModel
import Codec

// What happens in a test.
extension RuleTestReader {
  /// Most events that one line stands for.
  private static let mostRepeats = 10_000

  /// One entry of `events`: an event, or as many as its `repeat` says; a time; a change of a profile.
  func steps(_ node: Node, _ diagnostics: inout Diagnostics) -> [RuleTest.Step] {
    guard var fields = Fields(node, "an event", &diagnostics) else { return [] }
    let isEvent = fields.has("event") || fields.has("at")
    if !isEvent, let clock = fields.take("clock") {
      fields.finish(&diagnostics)
      return clock.testInstant(&diagnostics).map { [.clock($0)] } ?? []
    }
    if !isEvent, let watermark = fields.take("watermark") {
      fields.finish(&diagnostics)
      return watermark.testInstant(&diagnostics).map { [.watermark($0)] } ?? []
    }
    if !isEvent, let profile = fields.take("profile") {
      let user = fields.require("user", &diagnostics, hint: "user: u1")?.text("a user", &diagnostics)
      fields.finish(&diagnostics)
      let properties = profile.flatProperties("profile", &diagnostics)
      return user.map { [.profile(properties, user: $0)] } ?? []
    }
    return events(&fields, &diagnostics).map(RuleTest.Step.event)
  }

  private func events(_ fields: inout Fields, _ diagnostics: inout Diagnostics) -> [Event] {
    let name = fields.require("event", &diagnostics, hint: "event: view")?.text("an event's name", &diagnostics)
    let at = fields.require("at", &diagnostics, hint: "at: 5m")?.testInstant(&diagnostics)
    let id = fields.take("id")?.text("an event's id", &diagnostics)
    let user = fields.take("user")?.text("a user", &diagnostics)
    let repeats = fields.take("repeat").flatMap { self.repeats($0, &diagnostics) }
    let properties = fields.takeRest().flatMap { $0.value.flatProperties($0.key, &diagnostics, isTop: false) }
    guard let name, let at else { return [] }
    let event = Event(id: id, user: user ?? "", name: name, at: at, properties: properties)
    guard let (times, every) = repeats else { return [event] }
    return (0..<times).map { index in
      var event = event.numbered(index + 1)
      let (span, overflow) = every.milliseconds.multipliedReportingOverflow(by: Int64(index))
      event.at = event.at + TimeSpan(milliseconds: overflow ? .max : span)
      return event
    }
  }

  /// `{ times: 100, every: 2s }`
  private func repeats(_ node: Node, _ diagnostics: inout Diagnostics) -> (times: Int, every: TimeSpan)? {
    guard var fields = Fields(node, "'repeat'", &diagnostics) else { return nil }
    let times = fields.require("times", &diagnostics)?
      .integer("'times'", in: 1...Self.mostRepeats, &diagnostics)
    let every = fields.require("every", &diagnostics)?.span("'every'", &diagnostics)
    fields.finish(&diagnostics)
    guard let times, let every else { return nil }
    return (times, every)
  }
}

extension Event {
  /// The same with `{n}` in its texts replaced by a number.
  fileprivate func numbered(_ number: Int) -> Event {
    Event(
      id: id?.numbered(number), user: user.numbered(number), name: name, at: at,
      properties: properties.map { property in
        guard case .string(let text) = property.value else { return property }
        return Property(property.name, .string(text.numbered(number)))
      })
  }
}

extension String {
  fileprivate func numbered(_ number: Int) -> String {
    split(separator: "{n}", omittingEmptySubsequences: false).joined(separator: "\(number)")
  }
}

extension Node {
  /// A span since the start of the test, or an instant with its offset.
  func testInstant(_ diagnostics: inout Diagnostics) -> Instant? {
    if let span = scalar.flatMap({ TimeSpan($0) }) { return RuleTest.start + span }
    if let instant = scalar.flatMap({ Instant(rfc3339: $0) }) { return instant }
    diagnostics.error(
      mark, "expected when, a span since the start of the test or an instant",
      hint: "write 0s, 5m, 3d or 2024-01-01T08:00:00+08:00")
    return nil
  }

  /// Properties as an event has them: what is nested gets a name with dots, and null is nothing.
  ///
  /// - Parameter isTop: Whether its entries go by their own names, without `name` and a dot before them.
  func flatProperties(_ name: String, _ diagnostics: inout Diagnostics, isTop: Bool = true) -> [Property] {
    switch content {
    case .null: return []
    case .mapping(let entries):
      return entries.flatMap {
        $0.value.flatProperties(isTop ? $0.key : "\(name).\($0.key)", &diagnostics, isTop: false)
      }
    case .scalar, .sequence:
      if !isTop, let value { return [Property(name, value)] }
      diagnostics.error(
        mark, isTop ? "expected '\(name)', a mapping of names to values" : "a list holds texts, numbers and booleans")
      return []
    }
  }
}
