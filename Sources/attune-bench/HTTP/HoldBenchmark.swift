import Foundation
import NIOCore
import Platform

/// Holds a rate of single reservations and watches whether latency and memory stay flat.
struct HoldBenchmark {
  let service: ServerProcess
  let generator: LoadGenerator
  let perSecond: Int
  let connections: Int
  let seconds: Double

  private static let interval = 10.0

  /// - Parameter line: called with each interval's figures as it ends.
  func measure(_ line: (HoldFigures.Interval) -> Void) throws -> HoldFigures {
    let done = try generator.hold(.reserve(nil), perSecond: perSecond, connections: connections, seconds: seconds)
    let started = MonotonicTime.now
    let finished = DispatchSemaphore(value: 0)
    done.whenComplete { _ in finished.signal() }
    var all = LoadCounts()
    var intervals: [HoldFigures.Interval] = []
    var last = 0.0
    var goesOn = true
    // A server that cannot keep up is watched until it has answered what was due.
    while goesOn {
      let next = Double(intervals.count + 1) * Self.interval
      goesOn = finished.wait(timeout: .now() + max(0, next - MonotonicTime.seconds(since: started))) == .timedOut
      let counts = try generator.take()
      let now = MonotonicTime.seconds(since: started)
      all.add(counts)
      intervals.append(interval(counts, from: last, to: now))
      line(intervals[intervals.count - 1])
      last = now
    }
    try done.wait()
    return HoldFigures(
      perSecond: perSecond, seconds: last.rounded(to: 0.1), requests: all.requests, errors: all.errors,
      firstError: all.firstError, latency: Latency(all.latency), passing: share(all),
      memory: HoldFigures.Memory(intervals), intervals: intervals)
  }

  private func interval(_ counts: LoadCounts, from start: Double, to end: Double) -> HoldFigures.Interval {
    HoldFigures.Interval(
      second: end.rounded(to: 0.1), perSecond: (Double(counts.requests) / max(1e-3, end - start)).rounded(),
      errors: counts.errors, latency: Latency(counts.latency), passing: share(counts),
      residentBytes: ProcessUsage.residentBytes(of: service.pid), storeBytes: service.storeBytes)
  }

  private func share(_ counts: LoadCounts) -> Double {
    (Double(counts.passed) / Double(max(1, counts.passed + counts.refused))).rounded(to: 0.001)
  }
}

/// What was seen while a rate was held.
struct HoldFigures: Codable, Sendable {
  struct Interval: Codable, Sendable {
    /// At its end, from the start.
    var second: Double
    var perSecond: Double
    var errors: Int
    var latency: Latency
    var passing: Double
    /// Of the server. Nil where the system does not tell.
    var residentBytes: Int?
    var storeBytes: Int
  }

  /// Bytes of the server after a minute (nil when it took less), half the time, and at the end.
  struct Memory: Codable, Sendable {
    var minute: Int?
    var half: Int?
    var end: Int?

    init(_ intervals: [Interval]) {
      minute = intervals.first { $0.second >= 60 }?.residentBytes
      half = intervals.isEmpty ? nil : intervals[(intervals.count - 1) / 2].residentBytes
      end = intervals.last?.residentBytes
    }
  }

  /// That was to be held.
  var perSecond: Int
  var seconds: Double
  var requests: Int
  var errors: Int
  var firstError: String?
  var latency: Latency
  var passing: Double
  var memory: Memory
  var intervals: [Interval]
}
