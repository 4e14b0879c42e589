public import AttuneModel
import Rules

/// One test of rules: what happens, and which matches should come of it.
public struct RuleTest: Sendable {
  public var name: String
  public var mark: Mark
  var steps: [Step]
  var expected: [Expectation]

  enum Step: Hashable, Sendable {
    case event(Event)
    case watermark(Instant)
    case clock(Instant)
    case profile([Property], user: String)
  }

  /// A row of `expect`; what is nil was not written, and is not compared.
  struct Expectation: Hashable, Sendable {
    var mark: Mark
    var rule: String
    var key: [Value]?
    var at: Instant?
    var emit: [Property]?
    var events: MatchedNames?
    /// Whether it is a match that a late event takes back.
    var isRetracted = false
  }

  /// The names of matched events: their ids, or the number of one that has none.
  enum MatchedNames: Hashable, Sendable {
    case byAlias([Property])
    case inOrder([Value])
  }

  /// What spans in a test count from: Monday, 2024-01-01T00:00:00Z.
  public static let start = Instant(milliseconds: 1_704_067_200_000)

  /// What comes of the steps. Time ends with the last thing said of it, and where no step says how late it is, with the
  /// end of time.
  func outputs(of rules: RuleSet, lateness: TimeSpan) -> [RuleStream.Output] {
    var stream = RuleStream(rules: rules, lateness: lateness)
    var outputs: [RuleStream.Output] = []
    var latest = Instant.distantPast
    var isTold = false
    for step in steps {
      switch step {
      case .event(let event):
        latest = max(latest, event.at)
        stream.send(event, into: &outputs)
      case .watermark(let at):
        (latest, isTold) = (max(latest, at), true)
        stream.advance(to: at, into: &outputs)
      case .clock(let at):
        (latest, isTold) = (max(latest, at), true)
        stream.advance(clock: at, into: &outputs)
      case .profile(let profile, let user): stream.set(profile: profile, of: user)
      }
    }
    if isTold { stream.advance(to: latest, into: &outputs) } else { stream.finish(into: &outputs) }
    return outputs
  }
}

/// A file of tests, with the rules they are about.
public struct RuleTestFile: Sendable {
  public let path: String
  public let tests: [RuleTest]
  let rules: RuleSet
  let lateness: TimeSpan

  init(path: String, tests: [RuleTest], rules: RuleSet, lateness: TimeSpan) {
    self.path = path
    self.tests = tests
    self.rules = rules
    self.lateness = lateness
  }

  /// The outcome of each test, in order.
  public func run() -> [RuleTestOutcome] {
    tests.map { test in
      RuleTestOutcome(test: test, outputs: test.outputs(of: rules, lateness: lateness))
    }
  }
}
