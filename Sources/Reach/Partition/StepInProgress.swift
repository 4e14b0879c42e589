import AttuneModel
import Fatigue
import Learning

/// A step in progress, in one partition after another: what goes for all of them, and what came of it so far.
struct StepInProgress: Sendable {
  let context: StepContext
  /// When recovering: the decisions that were made; nil to decide.
  var recorded: RecordedDecisions?
  var effects = Effects()
  /// For the whole store to learn from.
  var lessons: [Lesson] = []
  /// What is left of the quotas that the partitions were lent.
  var leases: [(business: String, lease: Lease)] = []
  /// Of inputs that were not simply accepted.
  private(set) var acknowledgements: [(position: Int, Acknowledgement)] = []
  private(set) var answers: [(reservation: Int, ReservationAnswer)] = []
  private var reservations = ReservationCounts()

  init(_ context: StepContext, recorded: RecordedDecisions? = nil) {
    self.context = context
    self.recorded = recorded
  }

  var configuration: CompiledConfiguration { context.configuration }

  mutating func count(
    _ stage: Tally.Stage, at: Instant, source: Origin.Source? = nil, scene: String = "", business: String = "",
    detail: String = ""
  ) {
    effects.tally.add(
      Tally.Key(
        day: context.day(of: at), stage: stage, source: source, scene: scene, business: business, detail: detail))
  }

  mutating func acknowledge(_ input: RoutedInput, _ acknowledgement: Acknowledgement) {
    if acknowledgement != .accepted { acknowledgements.append((input.position, acknowledgement)) }
  }

  /// Counts an ending, records it, leaves its trace.
  /// - Returns: the record.
  mutating func tell(_ ending: Ending) -> Decision {
    let decision = ending.decision
    effects.tally.add(ending.count(on: context.day(of: ending.at)))
    effects.decisions.append(decision)
    effects.traces.append(ending.trace)
    return decision
  }
}

// Reservations are counted by business first: see `ReservationCounts`.
extension StepInProgress {
  mutating func answer(_ input: RoutedInput, _ business: String, _ answer: ReservationAnswer) {
    answers.append((input.reservation, answer))
    guard case .verdict(let verdict) = answer.ruling else { return }
    reservations.add(.init(verdict), business, scene: answer.scene, day: context.day(of: answer.at))
  }

  mutating func count(_ settlement: FatigueSettlement, _ business: String, scene: String, _ input: RoutedInput) {
    reservations.add(.init(settlement), business, scene: scene, day: context.day(of: input.clock))
  }

  /// All that followed, the counts of reservations among it.
  var total: Effects {
    var total = effects
    reservations.add(to: &total.tally)
    return total
  }
}
