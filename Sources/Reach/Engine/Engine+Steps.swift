import Fatigue
import Model
import Rules

/// A batch on its way through the engine. Inputs that concern everybody divide it into steps.
struct Plan {
  let batch: Batch
  var recorded: [RecordedDecisions]?
  var effects = Effects()
  private(set) var position = 0
  /// Whether the last step was handed out.
  private(set) var isFinished = false
  /// How far the last step let time pass.
  var reached: Instant?
  var runsOn = RunsOn.no

  /// At the end of time everything waiting is due: first the events, then the deadlines these may have set.
  enum RunsOn { case no, toTheClock, toTheLastDeadline }

  init(_ batch: Batch, recorded: [Decision]?) {
    self.batch = batch
    effects.acknowledgements = Array(repeating: .accepted, count: batch.inputs.count)
    if let recorded {
      var parts = Array(repeating: [Decision](), count: Partition.count)
      for decision in recorded { parts[decision.candidate.partition].append(decision) }
      self.recorded = parts.map(RecordedDecisions.init)
    }
  }

  /// The input that comes next, not yet taken.
  var next: Input? { position < batch.inputs.count ? batch.inputs[position] : nil }

  mutating func take() { position += 1 }

  mutating func acknowledge(_ acknowledgement: Acknowledgement) {
    effects.acknowledgements[position - 1] = acknowledgement
  }

  mutating func finish() { isFinished = true }

  /// Takes in what the partitions did, in their order.
  mutating func collect(_ outcomes: [Outcome]) {
    for (index, outcome) in outcomes.enumerated() {
      for (position, acknowledgement) in outcome.acknowledgements {
        effects.acknowledgements[position] = acknowledgement
      }
      effects.append(outcome.effects)
      if let rest = outcome.recorded { recorded?[index] = rest }
    }
  }
}

/// What all partitions do next, at once.
struct Step {
  var jobs: [Job]
  var surroundings: Surroundings
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
      case .configuration(let source):
        // What came before, or was due before, is decided by what was in force.
        if !items.isEmpty || plan.reached != time.frontier { return step(items, &plan) }
        plan.take()
        if !publish(source) { plan.acknowledge(.refused) }
      case .zone(let zone):
        plan.take()
        zones[zone.name] = zone
      case .endOfTime:
        plan.take()
        plan.runsOn = .toTheClock
        return step(items, &plan)
      default:
        items.append(item(input, plan))
        plan.take()
      }
    }
    plan.finish()
    return step(items, &plan)
  }

  private var lateness: TimeSpan { configuration.timing.lateness }

  private mutating func item(_ input: Input, _ plan: Plan) -> Item {
    var item = Item(
      input: input, position: plan.position, sequence: time.sequence, clock: time.clock, frontier: time.frontier,
      isLate: false)
    if case .event(let event) = input {
      item.isLate = event.at <= time.watermark
      time.see(event, pace: plan.batch.pace, lateness: lateness)
      item.clock = time.clock
    }
    return item
  }

  private func step(_ items: [Item], _ plan: inout Plan) -> Step {
    plan.reached = time.frontier
    var jobs = (0..<Partition.count).map {
      Job(frontier: time.frontier, isLast: plan.isFinished, recorded: plan.recorded?[$0])
    }
    for item in items { if let partition = item.input.partition { jobs[partition].items.append(item) } }
    return Step(
      jobs: jobs,
      surroundings: Surroundings(
        configuration: configuration, zones: zones, now: plan.batch.pace == .live ? time.clock : nil))
  }

  /// False, and nothing changed, if the configuration has errors.
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
  /// Where it belongs; nil for what concerns everybody.
  var partition: Int? {
    switch self {
    case .event(let event): Partition.of(user: event.user)
    case .profile(let patch): Partition.of(user: patch.user)
    case .erase(let user): Partition.of(user: user)
    case .receipt(let receipt): receipt.message.partition
    case .settlement(let settlement): settlement.message.partition
    case .configuration, .zone, .endOfTime: nil
    }
  }
}
