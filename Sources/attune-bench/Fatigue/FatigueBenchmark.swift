import AttuneModel
import CommandSupport
import Fatigue
import Platform

/// Measures fatigue control at one number of live keys, on the thread that calls it.
///
/// A pass fills a new state and lives through one day. It is repeated, always from the same start, until the calls that
/// are measured have taken long enough: so every size sees the same mix, and small ones do not run dry.
struct FatigueBenchmark {
  let workload: FatigueWorkload
  let runs: Int
  /// Of measured calls a run.
  let seconds: Double

  private static let batch = 1024
  private let clock = MonotonicTime.cost()
  private var calls: [FatigueWorkload.Call] = []
  private var passed = [Bool](repeating: false, count: batch)
  private var memory: (before: Int?, filled: Int?, after: Int?)

  init(workload: FatigueWorkload, runs: Int, seconds: Double) {
    self.workload = workload
    self.runs = runs
    self.seconds = seconds
    calls.reserveCapacity(Self.batch)
  }

  /// Of one kind of call, over the passes of a run.
  private struct Sum {
    var calls = 0
    var passed = 0
    var nanoseconds: UInt64 = 0
    /// Of processor.
    var worked: UInt64 = 0
    /// Only where each call is timed by itself.
    var histogram: Histogram?

    var mean: Double { Double(nanoseconds) / Double(max(1, calls)) }
    var processor: Double { Double(worked) / Double(max(1, calls)) }
  }

  private struct Run {
    /// Whether users are prepared for a few at a time, as the engine does with a batch.
    var isPrepared = false
    var open = Sum()
    var reserve = Sum()
    var check = Sum()
    var settle = Sum()
  }

  mutating func measure() throws -> FatigueFigures {
    var timed: [Run] = []
    for _ in 0..<runs { timed.append(try run(Run())) }
    var prepared: [Run] = []
    for _ in 0..<runs { prepared.append(try run(Run(isPrepared: true))) }
    var start = Run()
    start.reserve.histogram = Histogram()
    start.check.histogram = Histogram()
    let spread = try run(start)
    func calls(_ kind: KeyPath<Run, Sum>, _ timed: [Run], _ spread: Run) -> FatigueFigures.Calls {
      let mean = timed.map { $0[keyPath: kind].mean }.median
      let histogram = spread[keyPath: kind].histogram ?? Histogram()
      return FatigueFigures.Calls(
        mean: mean.rounded(to: 0.1), processor: timed.map { $0[keyPath: kind].processor }.median.rounded(to: 0.1),
        perSecond: (1e9 / max(mean, 1e-3)).rounded(),
        passing: (Double(timed[0][keyPath: kind].passed) / Double(max(1, timed[0][keyPath: kind].calls)))
          .rounded(to: 0.001),
        p50: Double(histogram.percentile(0.5)), p99: Double(histogram.percentile(0.99)),
        p999: Double(histogram.percentile(0.999)))
    }
    return FatigueFigures(
      keys: workload.keys, keysPerUser: workload.keysPerUser, reserve: calls(\.reserve, timed, spread),
      prepared: calls(\.reserve, prepared, prepared[0]), check: calls(\.check, timed, spread),
      open: timed.map(\.open.mean).median.rounded(to: 0.1), settle: timed.map(\.settle.mean).median.rounded(to: 0.1),
      bytesPerKey: bytesPerKey(memory.filled), bytesPerKeyAfterTraffic: bytesPerKey(memory.after),
      clock: clock.rounded(to: 0.1))
  }

  private func bytesPerKey(_ resident: Int?) -> Double? {
    guard let resident, let before = memory.before else { return nil }
    return (Double(resident - before) / Double(workload.keys)).rounded(to: 0.1)
  }

  private mutating func run(_ start: Run) throws -> Run {
    var run = start
    repeat { try pass(&run) } while Double(run.reserve.nanoseconds) < seconds * 1e9
    return run
  }

  private mutating func pass(_ run: inout Run) throws {
    let first = memory.before == nil
    if first { memory.before = ProcessUsage.residentBytes() }
    var fatigue = FatigueTracker(policy: workload.policy)
    try fill(&fatigue, &run)
    if first { memory.filled = ProcessUsage.residentBytes() }
    // At noon, what is only asked finds users who have had some of their day, as what is reserved does.
    let noon = workload.candidates / 2
    try reserve(0..<noon, &fatigue, &run)
    try check(noon..<workload.candidates, fatigue, &run)
    try reserve(noon..<workload.candidates, &fatigue, &run)
    if first { memory.after = ProcessUsage.residentBytes() }
  }

  private mutating func fill(_ fatigue: inout FatigueTracker, _ run: inout Run) throws {
    let before = run.open.calls - run.open.passed
    for range in (0..<workload.keys).batches(of: Self.batch) {
      workload.filling(range, into: &calls)
      try time(&run.open) { [workload] _, call throws(FatigueError) in
        try fatigue.reserve(
          id: call.id, user: call.user, business: workload.businesses[call.business], zone: nil, at: call.at
        ).passes
      }
      settle(&fatigue, &run)
    }
    guard run.open.calls - run.open.passed == before else {
      throw Failure(message: "a reach that opens a key was refused: not all keys would be live", code: 70)
    }
  }

  private mutating func reserve(_ range: Range<Int>, _ fatigue: inout FatigueTracker, _ run: inout Run) throws {
    for range in range.batches(of: Self.batch) {
      workload.traffic(range, into: &calls)
      let isPrepared = run.isPrepared
      let users = isPrepared ? calls.map(\.user) : []
      try time(&run.reserve) { [workload] index, call throws(FatigueError) in
        if isPrepared, index % FatigueTracker.preparation == 0 {
          fatigue.prepare(for: users[index..<min(index + FatigueTracker.preparation, users.count)])
        }
        return try fatigue.reserve(
          id: call.id, user: call.user, business: workload.businesses[call.business], zone: nil, at: call.at
        ).passes
      }
      settle(&fatigue, &run)
    }
  }

  private mutating func check(_ range: Range<Int>, _ fatigue: FatigueTracker, _ run: inout Run) throws {
    for range in range.batches(of: Self.batch) {
      workload.traffic(range, into: &calls)
      try time(&run.check) { [workload] _, call throws(FatigueError) in
        try fatigue.check(
          user: call.user, business: workload.businesses[call.business], zone: nil, at: call.at
        ).passes
      }
    }
  }

  /// What passed in the batch is sent: nearly all of it arrives, three in a hundred fail, of one nothing is heard.
  private mutating func settle(_ fatigue: inout FatigueTracker, _ run: inout Run) {
    let started = MonotonicTime.now
    for (index, call) in calls.enumerated() where passed[index] {
      let draw = call.id % 100
      fatigue.settle(id: call.id, user: call.user, as: draw < 96 ? .commit : draw < 99 ? .release : .unknown)
      run.settle.calls += 1
    }
    run.settle.nanoseconds += MonotonicTime.now - started
  }

  /// The batch at once; or each call, where a histogram is wanted.
  @inline(__always)
  private mutating func time(
    _ sum: inout Sum, _ body: (Int, FatigueWorkload.Call) throws(FatigueError) -> Bool
  ) throws(FatigueError) {
    if sum.histogram == nil {
      let worked = MonotonicTime.ofThread
      let started = MonotonicTime.now
      for index in calls.indices { passed[index] = try body(index, calls[index]) }
      sum.nanoseconds += MonotonicTime.now - started
      sum.worked += MonotonicTime.ofThread - worked
    } else {
      for index in calls.indices {
        let started = MonotonicTime.now
        passed[index] = try body(index, calls[index])
        let taken = MonotonicTime.now - started
        sum.histogram?.record(taken)
        sum.nanoseconds += taken
      }
    }
    sum.calls += calls.count
    for index in calls.indices where passed[index] { sum.passed += 1 }
  }
}
