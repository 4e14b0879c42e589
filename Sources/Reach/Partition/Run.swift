import AttuneModel
import Fatigue
import Learning
import Rules

/// One input on its way to its partition, with what only the whole stream knows.
struct Item: Sendable {
  /// Its place among the batch's inputs.
  var position: Int
  /// Its place among the batch's reservations, if it is one.
  var reservation: Int
  var partition: Int
  /// Its place among all events.
  var sequence: UInt64
  /// The hour it is when it arrives.
  var clock: Instant
  /// How far time had passed when it arrived.
  var frontier: Instant
  var isLate: Bool

  func moved(to partition: Int) -> Item {
    var item = self
    item.partition = partition
    return item
  }
}

/// The same for all partitions in a step.
struct Surroundings: Sendable {
  var configuration: Configuration
  var zones: [String: Zone]
  /// Of the whole batch.
  var inputs: [Input]
  /// Up to here time passes in this step.
  var frontier: Instant
  /// Live, the instant at which everything is decided; nil when replaying.
  var now: Instant?
  /// When recovering: what the batch's reservations were told.
  var answers: [ReservationAnswer]?
  /// What is known of copies, as it was when the step began.
  var pilots: [String: Pilot] = [:]
  /// Of campaigns that were launched.
  var campaigns: [String: CampaignState.Status] = [:]
  /// Of those, the ones that are long over.
  var forgotten: Set<String> = []
  /// The hour it is at the step's end.
  var clock = Instant.distantPast
}

/// A step in progress, in one partition after another.
struct Run: Sendable {
  let surroundings: Surroundings
  /// When recovering: the decisions that were made; nil to decide.
  var recorded: RecordedDecisions?
  var effects = Effects()
  /// For the whole store to learn from.
  var lessons: [Lesson] = []
  /// What is left of the quotas that the partitions were lent.
  var leases: [(business: String, lease: Lease)] = []
  /// What the candidate in hand was weighed by.
  var weighed: Weighed?
  /// Of inputs that were not simply accepted.
  private(set) var acknowledgements: [(position: Int, Acknowledgement)] = []
  private(set) var answers: [(reservation: Int, ReservationAnswer)] = []
  private var counts = ReservationCounts()

  init(_ surroundings: Surroundings, recorded: RecordedDecisions? = nil) {
    self.surroundings = surroundings
    self.recorded = recorded
  }

  var configuration: Configuration { surroundings.configuration }

  /// When something due at `due` is decided.
  func instant(of due: Instant) -> Instant { surroundings.now ?? due }

  mutating func count(
    _ stage: Tally.Stage, at: Instant, source: Origin.Source? = nil, scene: String = "", business: String = "",
    detail: String = ""
  ) {
    effects.tally.add(
      Tally.Key(
        day: configuration.fatigue.zone.day(at), stage: stage, source: source, scene: scene,
        business: business, detail: detail))
  }
}

// Reservations are counted by business first: see `ReservationCounts`.
extension Run {
  mutating func answer(_ item: Item, _ business: String, _ answer: ReservationAnswer) {
    answers.append((item.reservation, answer))
    guard case .verdict(let verdict) = answer.ruling else { return }
    counts.add(.init(verdict), business, scene: answer.scene, day: configuration.fatigue.zone.day(answer.at))
  }

  mutating func count(_ settlement: FatigueSettlement, _ business: String, scene: String, _ item: Item) {
    counts.add(.init(settlement), business, scene: scene, day: configuration.fatigue.zone.day(item.clock))
  }

  mutating func acknowledge(_ item: Item, _ acknowledgement: Acknowledgement) {
    if acknowledgement != .accepted { acknowledgements.append((item.position, acknowledgement)) }
  }

  /// All that followed, the counts of reservations among it.
  var total: Effects {
    var total = effects
    counts.add(to: &total.tally)
    return total
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

  /// Whether the next decision on a candidate is that it was retracted.
  func takesBack(_ id: CandidateID) -> Bool { decisions[id]?.first?.outcome == .retracted }

  /// Those nobody asked for, in the order of their instants.
  var rest: [Decision] { decisions.values.joined().sorted { ($0.at, $0.candidate) < ($1.at, $1.candidate) } }
}
