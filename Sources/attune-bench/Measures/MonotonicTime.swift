import Foundation

/// Nanoseconds of a clock that only goes forward, at the cost of one cheap call.
enum MonotonicTime {
  static var now: UInt64 { read(CLOCK_MONOTONIC) }

  /// Of processor that this thread has had: where others want the machine too, less than the time that went by.
  static var ofThread: UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }

  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  static func seconds(since start: UInt64) -> Double { Double(now - start) / 1e9 }

  /// What one reading costs, in nanoseconds, when nothing comes between.
  static func cost() -> Double {
    let readings = 1000
    let costs = (0..<100).map { _ in
      let started = now
      for _ in 1..<readings { _ = now }
      return Double(now - started) / Double(readings)
    }
    return costs.min() ?? 0
  }
}
