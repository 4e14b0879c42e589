public import AttuneModel

/// What a rule can cost at most, told from its text alone. These are bounds: what it takes is often far less.
///
/// Text longer than 15 bytes, members of emitted objects, and fired absences that a late event may still take back come
/// on top of the bytes.
public struct RuleCost: Sendable, Hashable {
  /// The event types it looks at, in alphabetical order; nil when it looks at every event of its key.
  public var eventTypes: [String]?
  /// The longest an attempt can stay open; nil when only further events end it.
  public var lifetime: TimeSpan?
  /// Attempts one event can start: one for each step a match may begin with that takes its type.
  public var startsPerEvent: Int
  /// Attempts that one open attempt can become with one event: one for each option that takes the event, and one that
  /// lets it pass, if an option is then left.
  public var waysPerAttempt: Int
  /// Attempts open at once for one key, at most the limit. With s starts, w ways and m events a match they are no more
  /// than s * (1 + w + ... + w^(m - 2)) where each event that fits moves or ends every attempt, and one more for the
  /// wait of `repeat: restart`; other rules have only the limit. A plain first `times: n` counts as one event: it is no
  /// attempt before it is complete. Nil when there is no limit.
  public var openAttempts: Int?
  /// With the power of how many events in a row, of those that fit, open attempts can grow as long as there is no
  /// limit: 0 is not at all, 1 is one an event. Nil is exponentially.
  public var growth: Int?
  /// Matched events kept for one key: those of the longest attempt, once for each attempt, and n - 1 for a plain first
  /// `times: n`. Nil when nothing limits them: an open `times: n+` keeps what comes within its time.
  public var keptEvents: Int?
  /// For one key: 64 + 24 a value of the key, 24 an attempt, and 32 + 24 a kept value for each kept event,
  /// those of `same` and `distinct` among them.
  /// Nil where the events are.
  public var bytesPerKey: Int?
  /// Conditions one event is tested on: those of the steps it can start, and for each open attempt those of its
  /// options and of what is forbidden there. Nil where the attempts are.
  public var testsPerEvent: Int?
}

extension Rule {
  /// What it can cost at most where each key is limited so.
  public func cost(limits: Matcher.Limits = .standard) -> RuleCost {
    let attempts = pattern.openAttempts(limit: limits.attempts)
    let lifetime = pattern.lifetime
    let tests = pattern.testsPerAttempt
    return RuleCost(
      eventTypes: eventTypes, lifetime: lifetime.milliseconds == .max ? nil : lifetime,
      startsPerEvent: pattern.startsPerEvent, waysPerAttempt: pattern.waysPerAttempt, openAttempts: attempts,
      growth: pattern.growth, keptEvents: attempts.flatMap { pattern.kept(attempts: $0, node: { _ in 1 }) },
      bytesPerKey: attempts.flatMap { attempts in
        pattern.kept(attempts: attempts, node: { $0.bytesPerEvent }).map { events in
          events.adding(64 + 24 * key.count).adding(attempts.multiplied(by: 24))
        }
      },
      testsPerEvent: attempts.map { $0.multiplied(by: tests).adding(pattern.testsToStart) })
  }
}

extension RuleCost {
  /// One sentence for people who run it.
  public var words: String {
    let types = eventTypes.map { $0.isEmpty ? "no event" : $0.map { "'\($0)'" }.joined(separator: ", ") }
    var parts = ["looks at \(types ?? "every event of its key")"]
    if let openAttempts {
      parts.append("has at most \(openAttempts) open attempt\(openAttempts == 1 ? "" : "s") for one key")
    }
    if let bytesPerKey { parts.append("takes at most \(bytesPerKey) bytes there") }
    if let testsPerEvent {
      parts.append("tests one event on at most \(testsPerEvent) condition\(testsPerEvent == 1 ? "" : "s")")
    }
    if let lifetime { parts.append("forgets what has not matched after \(lifetime.words)") }
    return "It \(parts.dropLast().joined(separator: ", "))\(parts.count > 1 ? " and " : "")\(parts.last ?? "")."
  }
}
