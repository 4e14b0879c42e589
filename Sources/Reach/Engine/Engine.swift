public import Model

/// The whole decision, as a value: inputs and an instant in, effects out. No clock, no I/O, no chance.
///
/// Users live in 64 partitions that never look at each other, so a step may run them on any number of workers.
public struct Engine: Sendable {
  /// What it decides by; empty until one is published.
  public internal(set) var configuration = Configuration()
  /// The configuration as it was published; nil before the first.
  public internal(set) var source: ConfigurationSource?
  var zones: [String: Zone] = [:]
  var time = StreamTime()
  var partitions = (0..<Partition.count).map(UserPartition.init(index:))

  public init() {}

  /// The hour it is to the engine; it never goes back.
  public var clock: Instant { time.clock }

  /// Up to here events are in order; it never goes back.
  public var watermark: Instant { time.watermark }

  /// Candidates still put off.
  public var pending: Int { partitions.reduce(0) { $0 + $1.deferrals.count } }

  /// Events that wait for their turn.
  public var buffered: Int { partitions.reduce(0) { $0 + $1.buffer.count } }

  /// Messages without a settlement, in the order of their ids.
  public var unsettled: [CandidateID] { partitions.flatMap(\.sent.unsettled) }

  /// The table it goes by for a zone.
  public func zone(named name: String) -> Zone? { zones[name] }

  public func profile(of user: String) -> [Property]? { partitions[Partition.of(user: user)].profiles[user] }

  /// Decides a batch.
  public mutating func handle(_ batch: Batch) -> Effects { run(batch, recorded: nil) }

  /// Repeats a batch of the journal with the decisions that were made: the state afterwards is the one that was.
  public mutating func apply(_ batch: Batch, decisions: [Decision]) { _ = run(batch, recorded: decisions) }

  /// Decides a batch on several workers: the same effects, the same state.
  public mutating func handle(_ batch: Batch, workers: Int) async -> Effects {
    var plan = Plan(batch, recorded: nil)
    while let step = nextStep(&plan) {
      var shares = Array(repeating: [(UserPartition, Job)](), count: workers)
      for (partition, job) in zip(partitions, step.jobs) { shares[partition.index % workers].append((partition, job)) }
      // Let go of, so that each worker changes its partitions in place.
      partitions = []
      let surroundings = step.surroundings
      var done = await withTaskGroup(of: [(UserPartition, Outcome)].self) { group in
        for share in shares {
          group.addTask {
            share.map { partition, job in
              var partition = partition
              let outcome = partition.run(job, surroundings)
              return (partition, outcome)
            }
          }
        }
        return await group.reduce(into: []) { $0 += $1 }
      }
      done.sort { $0.0.index < $1.0.index }
      partitions = done.map(\.0)
      plan.collect(done.map(\.1))
    }
    return plan.effects
  }

  private mutating func run(_ batch: Batch, recorded: [Decision]?) -> Effects {
    var plan = Plan(batch, recorded: recorded)
    while let step = nextStep(&plan) {
      plan.collect(step.jobs.indices.map { partitions[$0].run(step.jobs[$0], step.surroundings) })
    }
    return plan.effects
  }
}
