import Fatigue
import Model
import Rules

/// A batch on its way through the engine. Inputs that concern everybody divide it into steps.
struct Plan {
  let batch: Batch
  /// When recovering; with a step's run while it lasts.
  private var recorded: RecordedDecisions?
  let answers: [ReservationAnswer]?
  private(set) var effects = Effects()
  private(set) var position = 0
  private(set) var reservations = 0
  /// Whether the last step was handed out.
  private(set) var isFinished = false
  /// How far the last step let time pass.
  var reached: Instant?
  var runsOn = RunsOn.no

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

  mutating func acknowledge(_ acknowledgement: Acknowledgement) {
    effects.acknowledgements[position - 1] = acknowledgement
  }

  mutating func finish() { isFinished = true }

  mutating func start(_ step: Step) -> Run {
    // Moved, not copied: it changes with every decision.
    defer { recorded = nil }
    return Run(step.surroundings, recorded: recorded)
  }

  /// Takes in what partitions did; they are told in their order.
  mutating func collect(_ run: Run) {
    for (position, acknowledgement) in run.acknowledgements { effects.acknowledgements[position] = acknowledgement }
    for (reservation, answer) in run.answers { effects.answers[reservation] = answer }
    effects.append(run.total)
    recorded = run.recorded
  }
}

/// What all partitions do next, at once.
struct Step {
  let surroundings: Surroundings
  /// By partition; within one, in the order of arrival.
  private var items: [Item]
  /// Where each partition's begin, and the end.
  private var starts: [Int]

  init(_ arrived: [Item], _ surroundings: Surroundings) {
    self.surroundings = surroundings
    items = arrived
    starts = Array(repeating: 0, count: Partition.count + 1)
    for item in arrived { starts[item.partition + 1] += 1 }
    for index in 1...Partition.count { starts[index] += starts[index - 1] }
    var places = starts
    for item in arrived {
      items[places[item.partition]] = item
      places[item.partition] += 1
    }
  }

  func items(of partition: Int) -> ArraySlice<Item> { items[starts[partition]..<starts[partition + 1]] }
}

extension Engine {
  /// Deals inputs out to their partitions up to the next one that concerns everybody; nil when the batch is done.
  mutating func nextStep(_ plan: inout Plan) -> Step? {
    if plan.isFinished { return nil }
    switch plan.runsOn {
    case .toTheClock:
      plan.runsOn = .toTheLastDeadline
      time.run(on: time.clock)
      return step([], &plan)
    case .toTheLastDeadline:
      plan.runsOn = .no
      time.run(on: partitions.compactMap(\.matcher.latestDeadline).max() ?? .distantPast)
    case .no: break
    }
    if plan.batch.pace == .live { time.tick(plan.batch.clock, lateness: lateness) }
    var items: [Item] = []
    while let input = plan.next {
      switch input {
      // What came before, or was due before, is decided by what was in force.
      case .configuration, .zone:
        let changes = if case .zone(let zone) = input { zones[zone.name] != zone } else { true }
        if changes, !items.isEmpty || plan.reached != time.frontier { return step(items, &plan) }
        plan.take()
        if !adopt(input) { plan.acknowledge(.refused) }
      case .endOfTime:
        plan.take()
        plan.runsOn = .toTheClock
        return step(items, &plan)
      default:
        if let partition = input.partition { items.append(item(input, of: partition, plan)) }
        plan.take()
      }
    }
    plan.finish()
    return step(items, &plan)
  }

  private var lateness: TimeSpan { configuration.timing.lateness }

  private mutating func item(_ input: Input, of partition: Int, _ plan: Plan) -> Item {
    var item = Item(
      position: plan.position, reservation: plan.reservations, partition: partition, sequence: time.sequence,
      clock: time.clock, frontier: time.frontier, isLate: false)
    if case .event(let event) = input {
      item.isLate = event.at <= time.watermark
      time.see(event, pace: plan.batch.pace, lateness: lateness)
      item.clock = time.clock
    }
    return item
  }

  private func step(_ items: [Item], _ plan: inout Plan) -> Step {
    plan.reached = time.frontier
    var surroundings = surroundings(of: plan.batch.inputs, now: plan.batch.pace == .live ? time.clock : nil)
    surroundings.answers = plan.answers
    return Step(items, surroundings)
  }

  func surroundings(of inputs: [Input], now: Instant?) -> Surroundings {
    Surroundings(configuration: configuration, zones: zones, inputs: inputs, frontier: time.frontier, now: now)
  }

  /// False, and nothing changed, if it is a configuration with errors.
  private mutating func adopt(_ input: Input) -> Bool {
    switch input {
    case .configuration(let source): return publish(source)
    case .zone(let zone): zones[zone.name] = zone
    default: break
    }
    return true
  }

  private mutating func publish(_ source: ConfigurationSource) -> Bool {
    var diagnostics = Diagnostics()
    guard let new = Configuration(source, replacing: configuration, at: time.clock, &diagnostics) else { return false }
    configuration = new
    self.source = source
    for zone in source.zones { zones[zone.name] = zone }
    for index in partitions.indices {
      partitions[index].matcher.adopt(new.rules)
      partitions[index].fatigue.policy = new.fatigue
    }
    return true
  }
}

extension Input {
  var isReservation: Bool { if case .reserve = self { true } else { false } }

  /// Where it belongs; nil for what concerns everybody.
  var partition: Int? {
    switch self {
    case .event(let event): Partition.of(user: event.user)
    case .profile(let patch): Partition.of(user: patch.user)
    case .erase(let user), .eraseFatigue(let user): Partition.of(user: user)
    case .reserve(let reservation): Partition.of(user: reservation.user)
    case .settleReservation(let settlement): Partition.of(user: settlement.user)
    case .receipt(let receipt): receipt.message.partition
    case .settlement(let settlement): settlement.message.partition
    case .configuration, .zone, .endOfTime: nil
    }
  }
}
