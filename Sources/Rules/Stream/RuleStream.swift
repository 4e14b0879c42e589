public import AttuneModel

/// Rules over one stream of events, alone: it puts events in order, keeps time and matches. What an app, a test of
/// rules and a benchmark run; the engine does the same for each of its partitions.
///
/// Time never goes back: it is the largest instant that `advance`, or an event less `lateness`, has shown.
///
/// ```swift
/// var stream = RuleStream(rules: rules)
/// var outputs: [RuleStream.Output] = []
/// stream.send(Event(user: "u1", name: "view", at: now), into: &outputs)
/// stream.advance(clock: now + .hours(1), into: &outputs)  // absences fire although nothing happens
/// for case .match(let match) in outputs { print(match.rule, match.user) }
/// ```
public struct RuleStream: Sendable {
  /// What comes of the stream, in the order in which it happened.
  public enum Output: Sendable, Hashable {
    case match(Match)
    /// An earlier match that a late event would have prevented.
    case retracted(Match)
    /// It came after its time: it started and completed nothing.
    case late(Event)
  }

  /// How far events may lag behind the largest instant seen; nil when only `advance` moves time.
  public let lateness: TimeSpan?
  /// The rules it was made with.
  public let rules: RuleSet
  /// What is open; its figures are for reports.
  public internal(set) var matcher: Matcher
  /// Every event up to here has been handled; what is not newer is late.
  public internal(set) var watermark = Instant.distantPast
  var buffer = OrderBuffer()
  var profiles: [String: [Property]] = [:]
  var sequence: UInt64 = 0

  /// A stream that has seen nothing.
  ///
  /// - Parameters:
  ///   - limits: of what one rule may hold of one key.
  ///   - lateness: how far events may lag behind the largest instant seen, 1 s unless stated; nil when only `advance`
  ///     moves time.
  public init(rules: RuleSet, limits: Matcher.Limits = .standard, lateness: TimeSpan? = .seconds(1)) {
    self.rules = rules
    self.lateness = lateness
    matcher = Matcher(limits: limits)
  }

  /// What `profile.*` of this user says from now on.
  public mutating func set(profile: [Property], of user: String) { profiles[user] = profile }

  /// Takes in an event, and moves time as far as it shows. What comes of it is appended to `outputs`.
  public mutating func send(_ event: consuming Event, into outputs: inout [Output]) {
    defer { sequence += 1 }
    if event.at <= watermark {
      outputs.append(.late(event))
      var retracted: [Match] = []
      let profiles = profiles
      matcher.cancel(
        with: event, at: watermark, profile: { profiles[$0] ?? [] }, rules: rules, retracting: &retracted)
      outputs += retracted.map(Output.retracted)
      var matches: [Match] = []
      fire(through: watermark, into: &matches)
      outputs += matches.map(Output.match)
      return
    }
    let at = event.at
    buffer.insert(event, sequence: sequence)
    if let lateness { advance(to: at - lateness, into: &outputs) }
  }

  /// Time has come to `instant`: events up to it are handled in their order, absences due by it fire.
  public mutating func advance(to instant: Instant, into outputs: inout [Output]) {
    guard instant > watermark else { return }
    watermark = instant
    var matches: [Match] = []
    let profiles = profiles
    while let waiting = buffer.popFirst(through: instant) {
      fire(through: waiting.event.at, into: &matches)
      matcher.handle(waiting, profile: { profiles[$0] ?? [] }, rules: rules, into: &matches)
    }
    fire(through: instant, into: &matches)
    matcher.pass(to: instant)
    for match in matches { outputs.append(.match(match)) }
  }

  /// The clock of whoever runs it, in epoch time: absences fire although nobody sends anything. Time stays `lateness`
  /// behind it.
  public mutating func advance(clock: Instant, into outputs: inout [Output]) {
    advance(to: clock - (lateness ?? .zero), into: &outputs)
  }

  /// The end of time: what still waits for its absence gets it.
  public mutating func finish(into outputs: inout [Output]) { advance(to: .distantFuture, into: &outputs) }

  private mutating func fire(through instant: Instant, into matches: inout [Match]) {
    guard let due = matcher.nextDeadline, due <= instant else { return }
    let profiles = profiles
    matcher.fire(through: instant, profile: { profiles[$0] ?? [] }, rules: rules, into: &matches)
  }
}
