import AttuneModel
import Testing

@testable import Rules

/// A rule set of flow-style documents; an error in them fails the test.
func ruleSet(_ texts: String..., zone: Zone = .utc) -> RuleSet {
  var diagnostics = Diagnostics()
  let rules = RuleSet(
    reading: texts.map(Flow.node), zone: zone, replacing: RuleSet(), at: .distantPast, &diagnostics)
  #expect(diagnostics.errors.isEmpty, "\(diagnostics)")
  return rules
}

/// The rule of one document, if it is right, and all that is told of it.
func read(_ text: String) -> (rule: Rule?, told: String) {
  var diagnostics = Diagnostics()
  let rules = RuleSet(reading: [Flow.node(text)], zone: .utc, replacing: RuleSet(), at: .distantPast, &diagnostics)
  return (rules.rules.first, diagnostics.description)
}

func event(_ name: String, _ at: Int64, user: String = "u1", id: String? = nil, _ properties: [String: Value] = [:])
  -> Event
{
  Event(
    id: id, user: user, name: name, at: Instant(milliseconds: at),
    properties: properties.sorted { $0.key < $1.key }.map { Property($0.key, $0.value) })
}

/// Runs events through a matcher as the engine does: due timers first, then the event.
struct Bench {
  var rules: RuleSet
  /// Nothing is kept for retractions, so that it is empty when all is over.
  var matcher = Matcher(limits: Self.idle.limits)
  static let idle = Matcher(limits: Matcher.Limits(retraction: .zero))
  var matches: [Match] = []
  var retracted: [Match] = []
  var sequence: UInt64 = 0
  var profile: [Property] = []

  init(_ rules: RuleSet) { self.rules = rules }

  mutating func send(_ events: Event...) {
    for event in events {
      pass(to: event.at.milliseconds)
      matcher.handle(
        OrderBuffer.Waiting(event, sequence: sequence), profile: { [profile] _ in profile }, rules: rules,
        into: &matches)
      sequence += 1
    }
  }

  mutating func pass(to milliseconds: Int64) {
    let profile = profile
    matcher.fire(
      through: Instant(milliseconds: milliseconds), profile: { _ in profile }, rules: rules, into: &matches)
  }

  mutating func finish() { pass(to: .max) }

  mutating func late(_ event: Event) {
    let profile = profile
    matcher.cancel(with: event, at: .distantPast, profile: { _ in profile }, rules: rules, retracting: &retracted)
  }

  /// `instant: numbers of the matched events`, in the order of the matches.
  var told: [String] {
    matches.map { match in
      "\(match.at.milliseconds): "
        + match.events.map { $0.events.map { String($0.sequence) }.joined(separator: " ") }.joined(separator: " | ")
    }
  }
}
