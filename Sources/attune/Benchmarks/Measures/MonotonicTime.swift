import Foundation

/// Nanoseconds of a clock that only goes forward, at the cost of one cheap call.
enum MonotonicTime {
  static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  static func seconds(since start: UInt64) -> Double { Double(now - start) / 1e9 }

  /// What one reading costs, in nanoseconds.
  static func cost() -> Double {
    let readings = 100_000
    let started = now
    for _ in 0..<readings { _ = now }
    return Double(now - started) / Double(readings)
  }
}
