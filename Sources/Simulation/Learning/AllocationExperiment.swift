import AttuneModel
public import Learning

/// What sends under quotas earn beside the most that anybody could have earned, knowing all users beforehand.
public struct AllocationExperiment: Sendable {
  public enum Policy: Sendable {
    /// Click probabilities are known, users are decided about one after another.
    case known
    /// The same by so many at a time, in steps at one set of prices.
    case leased(parts: Int)
    /// Known, and an earlier day is a forecast.
    case forecast(of: QuotaAudience.Course)
    /// They have to be learned; clicks are known after so many more arrivals.
    case learned(LearnerConfiguration, delay: Int)
  }

  public struct Result: Sendable {
    /// Expected clicks.
    public let value: Double
    public let bound: Double
    /// Sends over a maximum or under a minimum.
    public let violations: Int

    public var ratio: Double { bound > 0 ? value / bound : 0 }
  }

  public let environment: ClickEnvironment.Kind
  public let course: QuotaAudience.Course
  public let policy: Policy
  public let rounds: Int

  public init(
    _ environment: ClickEnvironment.Kind, _ course: QuotaAudience.Course, _ policy: Policy, rounds: Int
  ) {
    self.environment = environment
    self.course = course
    self.policy = policy
    self.rounds = rounds
  }

  /// - Throws: never for the environments there are: their quotas can be met and their features are sound.
  public func run(seed: UInt64) throws -> Result {
    let audience = try QuotaAudience(environment, rounds: rounds, seed: seed, course: course)
    let sends: [Int?]
    switch policy {
    case .known: sends = known(audience, nil)
    case .leased(let parts): sends = leased(audience, parts: parts)
    case .forecast(let course):
      let yesterday = try QuotaAudience(environment, rounds: rounds, seed: seed, day: 1, course: course)
      sends = known(audience, yesterday.forecast())
    case .learned(let configuration, let delay): sends = try learned(audience, configuration, delay, seed)
    }
    return result(audience, sends)
  }

  private func known(_ audience: QuotaAudience, _ forecast: Forecast?) -> [Int?] {
    var allocator = Allocator(audience.quotas, forecast: forecast)
    return (0..<rounds).map { round in
      let values = audience.values(of: round)
      let copy = allocator.choose(values)
      allocator.observe(values, sent: copy)
      return copy
    }
  }

  private func leased(_ audience: QuotaAudience, parts: Int) -> [Int?] {
    var allocator = Allocator(audience.quotas)
    var sends: [Int?] = []
    while sends.count < rounds {
      let step = sends.count..<min(rounds, sends.count + allocator.step)
      let owners = step.map { Int(mix64(UInt64($0)) % UInt64(parts)) }
      var pending = [Int](repeating: 0, count: parts)
      for owner in owners { pending[owner] += 1 }
      var leases = allocator.lease(pending: pending)
      for (round, owner) in zip(step, owners) {
        let values = audience.values(of: round)
        let copy = leases[owner].choose(values)
        leases[owner].observe(values, sent: copy)
        sends.append(copy)
      }
      allocator.settle(leases)
    }
    return sends
  }

  private func learned(
    _ audience: QuotaAudience, _ configuration: LearnerConfiguration, _ delay: Int, _ seed: UInt64
  ) throws(FeatureError) -> [Int?] {
    var learner = Learner(configuration, dimensions: ClickEnvironment.features + 1, copies: ClickEnvironment.copies)
    var allocator = Allocator(audience.quotas)
    var generator = SeededGenerator(seed: mix64(seed &+ 0xC11C))
    let nothing = [Double](repeating: 0, count: ClickEnvironment.copies)
    var sends: [Int?] = []
    // Of each round, what is learned from it when its time has come.
    var lessons: [(context: Context, clicked: Bool)] = []
    for round in 0..<rounds {
      let context = try Context(audience.features[round])
      let options = allocator.options
      let terms = CopyUtilities(costs: allocator.costs, eligible: options.copies, hold: options.mayHold ? 0 : nil)
      let copy = learner.choose(context, terms, using: &generator).copy
      allocator.observe(nothing, context: context, sent: copy, worth: learner.worths)
      sends.append(copy)
      lessons.append((context, copy.map { generator.fraction() < audience.values(of: round)[$0] } ?? false))
      let due = round - delay
      if due >= 0, let copy = sends[due] {
        learner.learn(lessons[due].context, copy: copy, clicked: lessons[due].clicked)
      }
    }
    return sends
  }

  private func result(_ audience: QuotaAudience, _ sends: [Int?]) -> Result {
    let quotas = audience.quotas
    var used = [Int](repeating: 0, count: quotas.copies)
    var value = 0.0
    for (round, copy) in sends.enumerated() {
      guard let copy else { continue }
      used[copy] += 1
      value += audience.values(of: round)[copy]
    }
    var violations = max(0, used.reduce(0, +) - (quotas.budget ?? .max))
    for copy in used.indices {
      violations += max(0, used[copy] - (quotas.maximum[copy] ?? .max)) + max(0, quotas.minimum[copy] - used[copy])
    }
    let bound = HindsightBound(values: audience.probabilities, quotas: quotas).value
    return Result(value: value, bound: bound, violations: violations)
  }
}
