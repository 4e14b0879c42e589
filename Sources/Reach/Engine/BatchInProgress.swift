import AttuneModel
import Fatigue
import Learning
import Rules

/// A batch on its way through the engine. Inputs that concern everybody divide it into steps.
struct BatchInProgress {
  let batch: Batch
  /// When recovering; with a step's run while it lasts.
  private var recorded: RecordedDecisions?
  let answers: [ReservationAnswer]?
  private(set) var effects = Effects()
  /// What partitions have left of quotas, in their order.
  private var leases: [(business: String, lease: Lease)] = []
  /// Of the last step, not learned yet.
  var lessons: [Lesson] = []
  private(set) var position = 0
  private(set) var reservations = 0
  /// Reservations of the last step, by their place among the batch's.
  private var asked: [(id: UInt64, user: ReservationOwner, place: Int)] = []
  /// Whether the last step was handed out.
  private(set) var isFinished = false
  /// How far the last step let time pass.
  var reached: Instant?
  var runsOn = RunsOn.no
  /// The batch's clock was found to be wrong.
  private(set) var keepsTheClock = false
  /// Campaigns to be taken back in the next step.
  private var recalls: [String] = []

  /// At the end of time everything waiting is due: first the events, then the deadlines these may have set.
  enum RunsOn { case no, toTheClock, toTheLastDeadline }

  init(_ batch: Batch, _ record: BatchRecord? = nil) {
    self.batch = batch
    recorded = record.map { RecordedDecisions($0.decisions) }
    answers = record?.answers
    effects.acknowledgements = Array(repeating: .accepted, count: batch.inputs.count)
    // Each is put in its place when its partition has answered.
    let unanswered = ReservationAnswer(at: .distantPast, ruling: .unknownBusiness)
    effects.answers = Array(repeating: unanswered, count: batch.inputs.count(where: \.isReservation))
  }

  /// The input that comes next, not yet taken.
  var next: Input? { position < batch.inputs.count ? batch.inputs[position] : nil }

  mutating func take() {
    if batch.inputs[position].isReservation { reservations += 1 }
    position += 1
  }

  /// - Parameter position: of the input; that of the one just taken if not given.
  mutating func acknowledge(_ acknowledgement: Acknowledgement, at position: Int? = nil) {
    effects.acknowledgements[position ?? self.position - 1] = acknowledgement
  }

  /// Of the input just taken.
  mutating func explain(_ explanation: Explanation) { effects.explanations[position - 1] = explanation }

  mutating func count(
    _ stage: Tally.Stage, at: Instant, source: Origin.Source? = nil, _ configuration: CompiledConfiguration
  ) {
    let day = configuration.fatigue.zone.day(at)
    effects.tally.add(Tally.Key(day: day, stage: stage, source: source))
  }

  /// A reservation, the next one to be taken, is handed to its partition.
  mutating func ask(_ id: UInt64, _ user: ReservationOwner) { asked.append((id, user, reservations)) }

  /// Those of them that passed.
  mutating func takeGranted() -> [(id: UInt64, user: ReservationOwner)] {
    defer { asked = [] }
    let answers = answers ?? effects.answers
    return asked.filter { $0.place < answers.count && answers[$0.place].passes }.map { ($0.id, $0.user) }
  }

  mutating func takeLeases() -> [(business: String, lease: Lease)] {
    defer { leases = [] }
    return leases
  }

  mutating func learned(_ count: Int) {
    effects.learned += count
    lessons = []
  }

  mutating func recall(by order: Input) {
    if case .campaign(.stop(let name, recall: true)) = order { recalls.append(name) }
  }

  mutating func takeRecalls() -> [String] {
    defer { recalls = [] }
    return recalls
  }

  mutating func keepTheClock() { keepsTheClock = true }

  mutating func finish() { isFinished = true }

  mutating func start(_ step: Step) -> StepInProgress {
    // Moved, not copied: it changes with every decision.
    defer { recorded = nil }
    return StepInProgress(step.context, recorded: recorded)
  }

  /// Sends matches across users on to whom they are for. Those for nobody are counted, and go no further.
  mutating func refer(_ matched: [Referral], _ step: inout Step) {
    if matched.isEmpty { return }
    for referral in matched where referral.match.user.isEmpty {
      let at = referral.isRetraction ? referral.at : step.context.now ?? referral.at
      count(
        referral.isRetraction ? .retracted : .matched, at: at, source: .rule(referral.match.rule),
        step.context.configuration)
    }
    step.referrals = Deal(
      matched.filter { !$0.match.user.isEmpty }
        .sorted { ($0.position, $0.shard, $0.number) < ($1.position, $1.shard, $1.number) }, by: \.addressee)
  }

  /// Takes in what partitions did; they are told in their order.
  mutating func collect(_ run: StepInProgress) {
    for (position, acknowledgement) in run.acknowledgements { effects.acknowledgements[position] = acknowledgement }
    for (reservation, answer) in run.answers { effects.answers[reservation] = answer }
    effects.append(run.total)
    lessons += run.lessons
    leases += run.leases
    recorded = run.recorded
  }
}
