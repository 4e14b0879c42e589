import AttuneModel

@testable import Rules

/// The real thing, told the same as the reference.
enum Replay {
  static func told(
    _ rules: RuleSet, _ story: Story, limits: Matcher.Limits = Matcher.Limits(attempts: 100_000)
  ) -> [Told] {
    outputs(rules, story, limits: limits).map(Told.init)
  }

  /// What is told of one rule of several.
  static func told(of rule: String, _ rules: RuleSet, _ story: Story) -> [Told] {
    outputs(rules, story, limits: Matcher.Limits(attempts: 100_000)).filter { output in
      switch output {
      case .match(let match), .retracted(let match): match.rule == rule
      case .late: true
      }
    }
    .map(Told.init)
  }

  private static func outputs(_ rules: RuleSet, _ story: Story, limits: Matcher.Limits) -> [RuleStream.Output] {
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
    return outputs
  }

  /// With a stream that now and then is saved and loaded; nil when that made another of it.
  static func toldWithSaves(
    _ rules: RuleSet, _ story: Story, _ generator: inout SeededGenerator
  ) throws -> [Told]? {
    var stream = RuleStream(rules: rules, lateness: story.lateness.map(TimeSpan.init(milliseconds:)))
    for (user, profile) in Story.profiles { stream.set(profile: profile, of: user) }
    var outputs: [RuleStream.Output] = []
    for action in story.actions {
      switch action {
      case .send(let event): stream.send(event, into: &outputs)
      case .advance(let instant): stream.advance(to: Instant(milliseconds: instant), into: &outputs)
      }
      guard generator.chance(30) else { continue }
      let bytes = stream.encoded()
      stream = try RuleStream(decoding: bytes, rules: rules)
      guard stream.encoded() == bytes else { return nil }
    }
    stream.finish(into: &outputs)
    return outputs.map(Told.init)
  }

  /// With a matcher alone, which now and then is written down and read again; nil when that made another of it.
  static func toldWithCheckpoints(
    _ rules: RuleSet, _ story: Story, _ generator: inout SeededGenerator
  ) throws -> [Told]? {
    var relay = Relay(rules: rules)
    for (number, action) in story.actions.enumerated() {
      relay.perform(action, lateness: story.lateness)
      guard number.isMultiple(of: 2) || generator.chance(30) else { continue }
      let bytes = relay.matcher.encoded()
      let again = try Matcher(decoding: bytes)
      // Written again, it is the same.
      guard again.encoded() == bytes, again.openAttempts == relay.matcher.openAttempts,
        again.refusedAttempts == relay.matcher.refusedAttempts
      else { return nil }
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
      matcher.cancel(with: event, at: watermark, profile: profile, rules: rules, retracting: &retracted)
      outputs += retracted.map(RuleStream.Output.retracted)
      var matches: [Match] = []
      fire(through: watermark, &matches)
      outputs += matches.map(RuleStream.Output.match)
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
        matcher.handle(
          OrderBuffer.Waiting(event, sequence: sequence), profile: { Story.profiles[$0] ?? [] }, rules: rules,
          into: &matches)
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
