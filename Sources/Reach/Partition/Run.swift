import Fatigue
import Model
import Rules

/// One input on its way to its partition, with what only the whole stream knows.
struct Item: Sendable {
  var input: Input
  /// Its place among the batch's inputs.
  var position: Int
  /// Its place among all events.
  var sequence: UInt64
  /// The hour it is when it arrives.
  var clock: Instant
  /// How far time had passed when it arrived.
  var frontier: Instant
  var isLate: Bool
}

/// What one partition has to do in one step.
struct Job: Sendable {
  var items: [Item] = []
  var frontier: Instant
  /// Whether the batch ends with this step.
  var isLast: Bool
  /// When recovering: the decisions that were made, by candidate, in order; nil to decide.
  var recorded: RecordedDecisions?
}

struct Outcome: Sendable {
  var acknowledgements: [(position: Int, Acknowledgement)]
  var effects: Effects
  var recorded: RecordedDecisions?
}

/// The same for all partitions in a step.
struct Surroundings: Sendable {
  var configuration: Configuration
  var zones: [String: Zone]
  /// Live, the instant at which everything is decided; nil when replaying.
  var now: Instant?
}

/// A step in progress.
struct Run {
  let surroundings: Surroundings
  var recorded: RecordedDecisions?
  var effects = Effects()
  var acknowledgements: [(position: Int, Acknowledgement)] = []

  init(surroundings: Surroundings, recorded: RecordedDecisions?) {
    self.surroundings = surroundings
    self.recorded = recorded
  }

  var configuration: Configuration { surroundings.configuration }

  /// When something due at `due` is decided.
  func instant(of due: Instant) -> Instant { surroundings.now ?? due }

  mutating func count(
    _ stage: Tally.Stage, at: Instant, rule: String = "", scene: String = "", business: String = "", detail: String = ""
  ) {
    effects.tally.add(
      Tally.Key(
        day: configuration.fatigue.zone.day(at), stage: stage, rule: rule, scene: scene,
        business: business, detail: detail))
  }
}

/// Decisions from the journal. A candidate decided several times in a batch has several, in order.
struct RecordedDecisions: Sendable {
  private var decisions: [CandidateID: ArraySlice<Decision>]

  init(_ decisions: [Decision]) {
    self.decisions = Dictionary(grouping: decisions, by: \.candidate).mapValues { $0[...] }
  }

  /// Nil too where the number was another candidate's: a newer build may propose others, or in another order.
  mutating func next(for candidate: Candidate) -> Decision? {
    guard let decision = decisions[candidate.id]?.first, decision.user == candidate.user,
      decision.business == candidate.business
    else { return nil }
    decisions[candidate.id]?.removeFirst()
    if decisions[candidate.id]?.isEmpty == true { decisions[candidate.id] = nil }
    return decision
  }

  /// Those nobody asked for, in the order of their instants.
  mutating func takeRest() -> [Decision] {
    defer { decisions = [:] }
    return decisions.values.joined().sorted { ($0.at, $0.candidate) < ($1.at, $1.candidate) }
  }
}
