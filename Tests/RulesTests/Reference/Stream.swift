import Model
import Testing

@testable import Rules

/// The real thing, told the same as the reference.
enum Stream {
  static func told(
    _ rules: RuleSet, _ story: Story, limits: Matcher.Limits = Matcher.Limits(attempts: 100_000)
  ) -> [Told] {
    var limits = limits
    limits.retraction = TimeSpan(milliseconds: story.retraction)
    var stream = RuleStream(
      rules: rules, limits: limits, lateness: story.lateness.map(TimeSpan.init(milliseconds:)))
    for (user, profile) in Story.profiles { stream.set(profile: profile, of: user) }
    var outputs: [RuleStream.Output] = []
    for action in story.actions {
      switch action {
      case .send(let event): stream.send(event, into: &outputs)
      case .advance(let instant): stream.advance(to: Instant(milliseconds: instant), into: &outputs)
      }
    }
    stream.finish(into: &outputs)
    return outputs.map(Told.init)
  }

  /// With a matcher alone, which now and then is written down and read again.
  static func toldWithCheckpoints(
    _ rules: RuleSet, _ story: Story, _ generator: inout SeededGenerator
  ) throws -> [Told] {
    var relay = Relay(rules: rules)
    for (number, action) in story.actions.enumerated() {
      relay.perform(action, lateness: story.lateness)
      guard number.isMultiple(of: 2) || generator.chance(30) else { continue }
      let bytes = relay.matcher.encoded()
      let again = try Matcher(decoding: bytes)
      #expect(again.encoded() == bytes)
      #expect(again.openAttempts == relay.matcher.openAttempts)
      #expect(again.refusedAttempts == relay.matcher.refusedAttempts)
      relay.matcher = again
    }
    relay.advance(to: .distantFuture)
    return relay.outputs.map(Told.init)
  }

  /// What `RuleStream` does, in the plainest way.
  private struct Relay {
    let rules: RuleSet
    var matcher = Matcher()
    var outputs: [RuleStream.Output] = []
    private var pending: [(event: Event, sequence: UInt64)] = []
    private var watermark = Instant.distantPast
    private var count: UInt64 = 0

    init(rules: RuleSet) { self.rules = rules }

    private func profile(_ user: String) -> [Property] { Story.profiles[user] ?? [] }

    mutating func perform(_ action: Action, lateness: Int64?) {
      switch action {
      case .advance(let instant): advance(to: Instant(milliseconds: instant))
      case .send(let event):
        defer { count += 1 }
        guard event.at > watermark else { return cancel(event) }
        pending.append((event, count))
        if let lateness { advance(to: event.at - TimeSpan(milliseconds: lateness)) }
      }
    }

    private mutating func cancel(_ event: Event) {
      outputs.append(.late(event))
      var retracted: [Match] = []
      matcher.cancel(with: event, at: watermark, profile: profile(event.user), rules: rules, retracting: &retracted)
      outputs += retracted.map(RuleStream.Output.retracted)
    }

    mutating func advance(to instant: Instant) {
      guard instant > watermark else { return }
      watermark = instant
      var matches: [Match] = []
      let due = pending.filter { $0.event.at <= instant }
        .sorted { ($0.event.at, $0.sequence) < ($1.event.at, $1.sequence) }
      pending.removeAll { $0.event.at <= instant }
      for (event, sequence) in due {
        fire(through: event.at, &matches)
        matcher.handle(event, sequence: sequence, profile: profile(event.user), rules: rules, into: &matches)
      }
      fire(through: instant, &matches)
      outputs += matches.map(RuleStream.Output.match)
    }

    private mutating func fire(through instant: Instant, _ matches: inout [Match]) {
      matcher.fire(
        through: instant, profile: { Story.profiles[$0] ?? [] }, rules: rules, into: &matches)
    }
  }
}

extension Told {
  init(_ output: RuleStream.Output) {
    switch output {
    case .match(let match): self.init(.match, match)
    case .retracted(let match): self.init(.retracted, match)
    case .late(let event):
      self.init(kind: .late, at: event.at.milliseconds, events: [event.id ?? ""])
    }
  }

  private init(_ kind: Kind, _ match: Match) {
    self.init(
      kind: kind, at: match.at.milliseconds, key: match.key.map(\.description), user: match.user,
      events: match.events.map { step in
        "\(step.alias) " + step.events.map { String($0.sequence) }.joined(separator: " ")
      },
      emit: match.emit.map { "\($0.name)=\($0.value)" })
  }
}

extension Story {
  static let floors: [String: Double] = ["u1": 1, "u2": 3]
  static let profiles = floors.mapValues { [Property("floor", .number($0))] }

  /// A smaller one that fails too: one action less, as long as that goes.
  func shrunk(_ fails: (Story) -> Bool) -> Story {
    var story = self
    var index = 0
    while index < story.actions.count {
      var smaller = story
      smaller.actions.remove(at: index)
      smaller.name()
      if fails(smaller) {
        story = smaller
      } else {
        index += 1
      }
    }
    return story
  }
}
