import AttuneModel
import CommandSupport
import Fatigue

/// The same calls through Redis: one connection, pipelined, so that its one thread never waits.
struct RedisBenchmark {
  private let server: RedisServer
  private var depth = 100
  private var calls: [FatigueWorkload.Call] = []

  init(_ server: RedisServer) { self.server = server }

  /// Chooses the depth at which it is fastest.
  mutating func tune(_ workload: FatigueWorkload) throws -> Int {
    var best = (depth: depth, perSecond: 0.0)
    for candidate in [100, 200, 400, 800, 1600] {
      depth = candidate
      let pass = try week(workload)
      let perSecond = Double(workload.candidates) / pass.seconds
      if perSecond > best.perSecond { best = (candidate, perSecond) }
    }
    depth = best.depth
    return depth
  }

  /// As many passes a run as take that long; the median of the runs.
  mutating func measure(_ workload: FatigueWorkload, runs: Int, seconds: Double) throws -> RedisFigures.Size {
    var rates: [Double] = []
    var all: [Pass] = []
    for _ in 0..<runs {
      var run: [Pass] = []
      repeat { run.append(try week(workload)) } while run.reduce(0, { $0 + $1.seconds }) < seconds
      rates.append(Double(run.count * workload.candidates) / run.reduce(0) { $0 + $1.seconds })
      all += run
    }
    let worked = all.compactMap(\.worked).reduce(0, +)
    return RedisFigures.Size(
      keys: workload.keys, perSecond: rates.median.rounded(),
      passing: (Double(all[0].passed) / Double(workload.candidates)).rounded(to: 0.001),
      busy: worked == 0 ? nil : (worked / all.reduce(0) { $0 + $1.seconds }).rounded(to: 0.01),
      bytesPerKey: all.map(\.bytesPerKey).median.rounded(to: 0.1),
      processor: worked == 0 ? nil : (worked * 1e9 / Double(all.count * workload.candidates)).rounded(), ratio: 0)
  }

  /// Both do the whole week from nothing, and have to say the same of every candidate.
  ///
  /// - Returns: of how many.
  mutating func agree(on workload: FatigueWorkload) throws -> Int {
    let script = try emptied(for: workload)
    var fatigue = FatigueTracker(policy: workload.policy)
    let compare = { (call: FatigueWorkload.Call, theirs: FatigueScript.Verdict) in
      let ours = try fatigue.reserve(
        id: call.id, user: call.user, business: workload.businesses[call.business], zone: nil, at: call.at)
      guard ours.reason == theirs.reason else {
        throw Failure(message: "Redis does not do the same work: \(theirs) for \(call), not \(ours)", code: 70)
      }
    }
    try send(0..<workload.keys, script, workload.filling, compare)
    try send(0..<workload.candidates, script, workload.traffic, compare)
    return workload.keys + workload.candidates
  }

  private struct Pass {
    var seconds: Double
    var passed = 0
    /// Seconds in which its thread was not idle.
    var worked: Double?
    var bytesPerKey: Double
  }

  /// Fills it anew and lives through the day that is measured.
  private mutating func week(_ workload: FatigueWorkload) throws -> Pass {
    let script = try emptied(for: workload)
    let before = try server.usedMemory()
    try send(0..<workload.keys, script, workload.filling) { _, _ in }
    let bytes = try server.usedMemory() - before
    var pass = Pass(seconds: 0, bytesPerKey: Double(bytes) / Double(workload.keys))
    let worked = server.processorSeconds()
    let started = MonotonicTime.now
    try send(0..<workload.candidates, script, workload.traffic) { _, verdict in
      if verdict.reason == nil { pass.passed += 1 }
    }
    pass.seconds = MonotonicTime.seconds(since: started)
    if let worked, let now = server.processorSeconds() { pass.worked = now - worked }
    return pass
  }

  private func emptied(for workload: FatigueWorkload) throws -> FatigueScript {
    try server.connection.send("FLUSHALL", "SYNC")
    return try FatigueScript(workload, in: server.connection)
  }

  /// Always half of what is on its way is written while the other half is worked on.
  private mutating func send(
    _ range: Range<Int>, _ script: FatigueScript,
    _ make: (Range<Int>, inout [FatigueWorkload.Call]) -> Void,
    _ body: (FatigueWorkload.Call, FatigueScript.Verdict) throws -> Void
  ) throws {
    var commands = RedisCommands()
    var waiting: [FatigueWorkload.Call] = []
    func answer() throws {
      for call in waiting { try body(call, try FatigueScript.Verdict(server.connection.read())) }
    }
    for range in range.batches(of: depth / 2) {
      make(range, &calls)
      commands.removeAll()
      for call in calls { script.append(call, to: &commands) }
      try server.connection.write(commands)
      try answer()
      swap(&waiting, &calls)
    }
    try answer()
  }
}
