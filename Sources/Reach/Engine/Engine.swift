public import AttuneModel
public import Fatigue
import Rules

/// The whole decision, as a value: inputs and an instant in, effects out. No clock, no I/O, no chance.
///
/// Users live in 64 partitions that never look at each other, so a step may run them on any number of workers. Rules
/// across users have 64 partitions of keys; they go first, and what they match is for the users' partitions to decide.
public struct Engine: Sendable {
  /// What it decides by; empty until one is published.
  public internal(set) var configuration = CompiledConfiguration()
  /// The configuration as it was published; nil before the first.
  public internal(set) var source: ConfigurationSource?
  var zones: [String: Zone] = [:]
  var time = StreamTime()
  var partitions = (0..<Partition.count).map(UserPartition.init(index:))
  /// Empty while there is no rule across users: then they cost nothing.
  var keyPartitions: [KeyPartition] = []
  /// Every campaign there was.
  public internal(set) var campaigns: [String: CampaignState] = [:]
  /// Of businesses with learned choices.
  public internal(set) var choices: [String: LearnedChoice] = [:]
  /// Of events without a user, which belong to no partition of users.
  var deduplication = Deduplication()
  /// Of pseudonyms; made of the store's first inputs.
  var salt: Pseudonym.Salt?
  /// Who has which reservation: what the partitions hold, so no checkpoint has it.
  var owners = ReservationOwners()

  public init() {}

  /// The hour it is to the engine; it never goes back.
  public var clock: Instant { time.clock }

  /// Up to here events are in order; it never goes back.
  public var watermark: Instant { time.watermark }

  /// Candidates still put off.
  public var pending: Int { partitions.reduce(0) { $0 + $1.reaches.pending } }

  /// Events that wait for their turn, in each partition that holds them.
  public var buffered: Int {
    partitions.reduce(0) { $0 + $1.stream.buffered } + keyPartitions.reduce(0) { $0 + $1.buffer.count }
  }

  /// Messages without a settlement, in the order of their ids.
  public var unsettled: [CandidateID] { partitions.flatMap(\.outgoing.unsettled) }

  /// The table it goes by for a zone.
  public func zone(named name: String) -> Zone? { zones[name] }

  public func profile(of user: String) -> [Property]? {
    partitions[Partition.of(user: user)].profile(of: user, salt: salt ?? Pseudonym.Salt(of: []))
  }

  /// Whether anything is held of how often a user was reached.
  public func remembersReaches(of user: String) -> Bool {
    partitions[Partition.of(user: user)].reaches.fatigue.export(user: user) != nil
  }

  /// Reaches of the user's day, by whatever business.
  public func reachesToday(of user: String, zone: Zone?, at now: Instant) -> Int {
    partitions[Partition.of(user: user)].reaches.fatigue.reachesToday(
      user: user, zone: zone ?? self.zone(of: user), at: max(now, clock))
  }

  /// What a reservation would be told; counts nothing.
  ///
  /// - Parameters:
  ///   - zone: the table of the zone it names.
  ///   - now: the instant it is for, where it names none. It is never taken as earlier than the engine's clock.
  public func check(
    _ reservation: Reservation, zone: Zone?, at now: Instant
  ) throws(FatigueError) -> FatigueVerdict {
    let id = reservation.id.isEmpty ? nil : Reservation.number(of: reservation.id)
    let instant = reservation.at ?? max(now, clock)
    let verdict = try partitions[Partition.of(user: reservation.user)].reaches.fatigue.check(
      id: id, user: reservation.user, business: reservation.business, zone: zone ?? self.zone(of: reservation.user),
      at: instant)
    if let id, isTaken(id, from: ReservationOwner(reservation.user), at: instant) { throw FatigueError.conflict }
    return verdict
  }

  /// The zone that a user's profile names, else the policy's.
  private func zone(of user: String) -> Zone {
    profile(of: user)?.zone(in: zones) ?? configuration.fatigue.zone
  }

  /// Decides a batch.
  public mutating func handle(_ batch: Batch) -> Effects {
    var progress = BatchInProgress(batch)
    run(&progress)
    return progress.effects
  }

  /// Repeats a batch of the journal with the answers that were given: the state afterwards is the one that was.
  public mutating func apply(_ batch: Batch, record: BatchRecord) {
    var progress = BatchInProgress(batch, record)
    run(&progress)
  }

  /// Decides a batch on several workers: the same effects, the same state.
  public mutating func handle(_ batch: Batch, workers: Int) async -> Effects {
    var progress = BatchInProgress(batch)
    while var step = nextStep(&progress) {
      let keys = step
      let matched = await Self.each(of: &keyPartitions, workers: workers) { $0.run(keys) }
      progress.refer(Array(matched.joined()), &step)
      let users = step
      let runs = await Self.each(of: &partitions, workers: workers) { partition in
        var run = StepInProgress(users.context)
        partition.run(users, &run)
        return run
      }
      for run in runs { progress.collect(run) }
    }
    return progress.effects
  }

  private mutating func run(_ progress: inout BatchInProgress) {
    while var step = nextStep(&progress) {
      var matched: [Referral] = []
      for index in keyPartitions.indices { matched += keyPartitions[index].run(step) }
      progress.refer(matched, &step)
      var run = progress.start(step)
      for index in partitions.indices { partitions[index].run(step, &run) }
      if progress.isFinished {
        for decision in run.recorded?.rest ?? [] {
          partitions[decision.candidate.partition].applyLeftover(decision, &run)
        }
      }
      progress.collect(run)
    }
  }

  /// Runs partitions on several workers; the results in the order of the partitions.
  private static func each<Part: Sendable, Result: Sendable>(
    of parts: inout [Part], workers: Int, _ body: @escaping @Sendable (inout Part) -> Result
  ) async -> [Result] {
    if parts.isEmpty { return [] }
    let workers = max(1, workers)
    var shares = Array(repeating: [(place: Int, part: Part)](), count: workers)
    for (place, part) in parts.enumerated() { shares[place % workers].append((place, part)) }
    // Let go of, so that each worker changes its partitions in place.
    parts = []
    var done = await withTaskGroup(of: [(place: Int, part: Part, result: Result)].self) { group in
      for share in shares {
        group.addTask {
          share.map { place, part in
            var part = part
            let result = body(&part)
            return (place, part, result)
          }
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    done.sort { $0.place < $1.place }
    parts = done.map(\.part)
    return done.map(\.result)
  }
}
