public import AttuneModel
import Reach
public import Rules
public import Store

/// What a changed set of rules would have matched on recorded events, beside the set in force.
///
/// Both sets look at the same events, put in order by their instants, each once. What came before the window is looked
/// at as far as attempts reach back, and not counted. Profiles are those of today.
public struct RulePreview {
  /// The instants whose matches are counted.
  public let window: ClosedRange<Instant>
  private let engine: Engine
  private let changes: [RuleChange]
  private var before: Trial
  private var after: Trial
  /// Ids are taken once. Events that were recorded twice lie near each other, but the window is short anyway.
  private var seen: Set<Digest> = []
  private var profiled: Set<String> = []
  private var events = 0
  private var latest = Instant.distantPast

  /// - Parameters:
  ///   - engine: as the journal leaves it, with what is in force.
  ///   - new: compiled to replace that.
  ///   - last: how much of the journal's end is counted.
  init(_ engine: Engine, replacedBy new: CompiledConfiguration, last: TimeSpan) {
    self.engine = engine
    window = engine.clock - last...engine.clock
    before = Trial(engine.configuration)
    after = Trial(new)
    changes = new.rules.changes(since: engine.configuration.rules)
  }

  /// Runs what a journal recorded past the rules in force there, and past `source`.
  ///
  /// - Throws: Diagnostics, if `source` is not sound; what the store throws.
  public static func run(
    _ source: ConfigurationSource, against journal: any Journal, last: TimeSpan
  ) throws -> Report {
    let engine = try Ledger(recovering: journal).engine
    var diagnostics = Diagnostics()
    let new = CompiledConfiguration(source, replacing: engine.configuration, at: engine.clock, &diagnostics)
    guard let new else { throw diagnostics }
    var preview = RulePreview(engine, replacedBy: new, last: last)
    try journal.batches(after: try journal.sequence(before: preview.earliest)) { row in
      preview.take(try row.batch())
    }
    return preview.finish()
  }

  /// From here on events can belong to a match of the window.
  var earliest: Instant {
    let lifetime = max(before.rules.longestLifetime, after.rules.longestLifetime)
    return window.lowerBound - lifetime - .hours(1)
  }

  mutating func take(_ batch: Batch) {
    for case .event(let event) in batch.inputs {
      if let id = event.id {
        var digest = Digest()
        digest.combine(event.user)
        digest.combine(id)
        guard seen.insert(digest).inserted else { continue }
      }
      if window.contains(event.at) { events += 1 }
      if !event.user.isEmpty, profiled.insert(event.user).inserted, let profile = engine.profile(of: event.user) {
        before.stream.set(profile: profile, of: event.user)
        after.stream.set(profile: profile, of: event.user)
      }
      latest = max(latest, event.at)
      // A phone's fast clock makes no other event late.
      let now = batch.pace == .live ? min(latest, batch.clock) : latest
      before.take(event, now: now, window)
      after.take(event, now: now, window)
    }
  }

  mutating func finish() -> Report {
    before.finish(window)
    after.finish(window)
    let rows = changes.map { change in
      Report.Row(
        change: change, before: change.before.map { _ in before.count(of: change.rule) },
        after: change.after.map { _ in after.count(of: change.rule) })
    }
    return Report(window: window, events: events, rows: rows)
  }

  public struct Report: Sendable {
    public var window: ClosedRange<Instant>
    /// Of the window, each once.
    public var events: Int
    /// By rule, in alphabetical order.
    public var rows: [Row]

    public struct Row: Hashable, Sendable {
      public var change: RuleChange
      /// Nil where the set does not have the rule.
      public var before: Count?
      public var after: Count?

      public init(change: RuleChange, before: Count?, after: Count?) {
        self.change = change
        self.before = before
        self.after = after
      }
    }

    public struct Count: Hashable, Sendable {
      public var matches = 0
      /// Whom they are for.
      public var users = 0

      public init(matches: Int, users: Int) {
        self.matches = matches
        self.users = users
      }
    }
  }
}

/// One of the two sets at work.
private struct Trial {
  let rules: RuleSet
  var stream: RuleStream
  private var matches: [String: Int] = [:]
  private var users: [String: Set<String>] = [:]
  private var outputs: [RuleStream.Output] = []
  private let lateness: TimeSpan

  init(_ configuration: CompiledConfiguration) {
    rules = configuration.rules
    lateness = configuration.timing.lateness
    stream = RuleStream(rules: rules, limits: configuration.limits, lateness: nil)
  }

  mutating func take(_ event: Event, now: Instant, _ window: ClosedRange<Instant>) {
    stream.send(event, into: &outputs)
    stream.advance(to: now - lateness, into: &outputs)
    count(window)
  }

  mutating func finish(_ window: ClosedRange<Instant>) {
    stream.advance(to: window.upperBound, into: &outputs)
    count(window)
  }

  func count(of rule: String) -> RulePreview.Report.Count {
    RulePreview.Report.Count(matches: matches[rule] ?? 0, users: users[rule]?.count ?? 0)
  }

  private mutating func count(_ window: ClosedRange<Instant>) {
    for case .match(let match) in outputs where window.contains(match.at) {
      matches[match.rule, default: 0] += 1
      if !match.user.isEmpty { users[match.rule, default: []].insert(match.user) }
    }
    outputs.removeAll(keepingCapacity: true)
  }
}
