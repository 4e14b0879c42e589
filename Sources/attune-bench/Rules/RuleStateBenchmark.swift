import AttuneModel
import Foundation
import Platform
import Rules
import Runtime

/// Measures what many keys with one open attempt each take, spread over as many streams as the engine has partitions.
struct RuleStateBenchmark {
  let keys: Int
  private let rules: RuleSet

  private static let shards = 64
  private static let rule =
    "{ rule: state, pattern: [{ on: view }, { then: cart }, { then: buy }], within: 30d, skip: none }"

  init(keys: Int) throws {
    self.keys = keys
    var diagnostics = Diagnostics()
    let documents = YAMLReader.documents(Self.rule, file: "state", &diagnostics)
    rules = RuleSet(reading: documents, zone: .utc, replacing: RuleSet(), at: .distantPast, &diagnostics)
    if !diagnostics.errors.isEmpty { throw diagnostics }
  }

  func measure() -> RuleStateFigures {
    let before = ProcessUsage.residentBytes()
    var streams = (0..<Self.shards).map { _ in RuleStream(rules: rules, lateness: .zero) }
    var outputs: [RuleStream.Output] = []
    let worked = MonotonicTime.ofThread
    let started = MonotonicTime.now
    send("view", from: 0, to: &streams, &outputs)
    let one = ProcessUsage.residentBytes()
    send("cart", from: keys, to: &streams, &outputs)
    let seconds = MonotonicTime.seconds(since: started)
    let cpu = Double(MonotonicTime.ofThread - worked) / 1e9
    let two = ProcessUsage.residentBytes()
    // Each attempt is there, and completes.
    send("buy", from: 2 * keys, to: &streams, &outputs)
    func growth(_ after: Int?) -> Int? { after.flatMap { after in before.map { after - $0 } } }
    func perKey(_ bytes: Int?) -> Double? { bytes.map { (Double($0) / Double(keys)).rounded(to: 0.1) } }
    return RuleStateFigures(
      keys: keys, matches: outputs.count, residentBytes: growth(two), bytesPerKey: perKey(growth(two)),
      bytesPerKeyAfterOneEvent: perKey(growth(one)), seconds: seconds.rounded(to: 0.001),
      eventsPerSecond: (2 * Double(keys) / max(seconds, 1e-9)).rounded(),
      eventsPerCPUSecond: (2 * Double(keys) / max(cpu, 1e-9)).rounded())
  }

  /// One event of each key, or of a sample where the attempts are only to be counted.
  private func send(
    _ name: String, from first: Int, to streams: inout [RuleStream], _ outputs: inout [RuleStream.Output]
  ) {
    let step = name == "buy" ? max(1, keys / 1000) : 1
    for key in stride(from: 0, to: keys, by: step) {
      let at = Instant(milliseconds: 1_700_000_000_000 + Int64(first + key))
      // Scattered, so that neighbours in a table are not neighbours in time.
      let user = mix64(UInt64(key)) >> 20
      streams[Int(user % UInt64(Self.shards))].send(
        Event(user: String(user, radix: 36), name: name, at: at, properties: []), into: &outputs)
    }
  }
}

/// What was measured of many keys, each with an attempt that has matched two of three steps.
struct RuleStateFigures: Codable, Sendable {
  var workload = "state"
  var keys: Int
  /// Of the attempts that were completed as a sample.
  var matches: Int
  var residentBytes: Int?
  var bytesPerKey: Double?
  var bytesPerKeyAfterOneEvent: Double?
  var seconds: Double
  var eventsPerSecond: Double
  var eventsPerCPUSecond: Double

  enum CodingKeys: String, CodingKey {
    case workload, keys, matches, seconds
    case residentBytes = "resident_bytes"
    case bytesPerKey = "bytes_per_key"
    case bytesPerKeyAfterOneEvent = "bytes_per_key_after_one_event"
    case eventsPerSecond = "events_per_second"
    case eventsPerCPUSecond = "events_per_cpu_second"
  }
}
