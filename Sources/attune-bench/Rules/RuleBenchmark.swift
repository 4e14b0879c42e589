import AttuneModel
import Foundation
import Platform
import Rules

/// Measures rules over invented events, on the thread that calls it. The events are there before the clock starts.
struct RuleBenchmark {
  let workload: RuleWorkload
  let rules: RuleSet
  let limits: Matcher.Limits
  private let traffic: RuleTraffic
  private let events: [Event]

  init(_ workload: RuleWorkload, _ traffic: RuleTraffic, attempts: Int?) throws {
    self.workload = workload
    self.traffic = traffic
    rules = try workload.ruleSet()
    limits = Matcher.Limits(attempts: attempts ?? .max)
    events = traffic.events(copies: workload.copies)
  }

  struct Run {
    var matches = 0
    var checksum: UInt64 = 0
    var refusedAttempts = 0
    var seconds = 0.0
    /// Of processor.
    var worked = 0.0
    /// By which resident memory had grown before the end of time.
    var bytes: Int?
  }

  /// The first run is there for what memory grows by; the others count.
  func measure(runs: Int) -> RuleFigures {
    let first = run(measuringMemory: true)
    let timed = (0..<runs).map { _ in run() }
    let seconds = timed.map(\.seconds).median
    let worked = timed.map(\.worked).median
    let rate = Double(events.count) / max(worked, 1e-9)
    return RuleFigures(
      workload: workload.rawValue, events: events.count, matches: first.matches,
      checksum: first.checksum.hexadecimal, seconds: seconds.rounded(to: 0.0001),
      eventsPerSecond: (Double(events.count) / max(seconds, 1e-9)).rounded(), eventsPerCPUSecond: rate.rounded(),
      bytesPerKey: first.bytes.map { (Double($0) / Double(max(1, keyCount))).rounded(to: 0.1) },
      refusedAttempts: first.refusedAttempts, flinkEventsPerCPUSecond: workload.flinkRate,
      ratio: workload.flinkRate.map { (rate / $0).rounded(to: 0.1) })
  }

  /// Distinct keys among the events.
  private var keyCount: Int {
    let rows = traffic.rows
    return workload.isByItem
      ? Set(rows.map { $0.user * 64 + $0.item }).count : Set(rows.map(\.user)).count
  }

  /// All events, one after another, and the end of time.
  func run(measuringMemory: Bool = false) -> Run {
    var run = Run()
    let before = measuringMemory ? ProcessUsage.residentBytes() : nil
    var stream = RuleStream(rules: rules, limits: limits, lateness: traffic.lateness)
    var outputs: [RuleStream.Output] = []
    let worked = MonotonicTime.ofThread
    let started = MonotonicTime.now
    for event in events {
      stream.send(event, into: &outputs)
      if outputs.count > 1000 { count(&outputs, &run) }
    }
    if let before { run.bytes = ProcessUsage.residentBytes().map { $0 - before } }
    stream.finish(into: &outputs)
    count(&outputs, &run)
    run.seconds = MonotonicTime.seconds(since: started)
    run.worked = Double(MonotonicTime.ofThread - worked) / 1e9
    run.refusedAttempts = stream.matcher.refusedAttempts
    return run
  }

  /// The checksum of a match goes by its events' numbers in the order of time, whatever order they arrived in.
  private func count(_ outputs: inout [RuleStream.Output], _ run: inout Run) {
    for case .match(let match) in outputs {
      var hash: UInt64 = 0
      for step in match.events {
        for event in step.events { hash = mix64(hash ^ UInt64(traffic.rows[Int(event.sequence)].sequence + 1)) }
      }
      run.matches += 1
      run.checksum &+= hash
    }
    outputs.removeAll(keepingCapacity: true)
  }
}

/// What was measured of one workload; rates are medians.
struct RuleFigures: Codable, Sendable {
  var workload: String
  var events: Int
  var matches: Int
  var checksum: String
  var seconds: Double
  var eventsPerSecond: Double
  var eventsPerCPUSecond: Double
  /// What memory grew by, for each distinct key among the events; nil where the system does not tell.
  var bytesPerKey: Double?
  var refusedAttempts: Int
  var flinkEventsPerCPUSecond: Double?
  var ratio: Double?
  /// Whether matches and checksum are Flink's; nil where its answer is not known.
  var agrees: Bool?

  enum CodingKeys: String, CodingKey {
    case workload, events, matches, checksum, seconds, ratio, agrees
    case eventsPerSecond = "events_per_second"
    case eventsPerCPUSecond = "events_per_cpu_second"
    case bytesPerKey = "bytes_per_key"
    case refusedAttempts = "refused_attempts"
    case flinkEventsPerCPUSecond = "flink_events_per_cpu_second"
  }
}

extension UInt64 {
  /// Its sixteen digits.
  var hexadecimal: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
