public import AttuneModel

/// Waits that double, with a random half so that those who failed together do not return together.
public struct Backoff: Sendable {
  private let first: TimeSpan
  private let longest: TimeSpan
  private var generator: SeededGenerator

  /// - Parameters:
  ///   - first: the wait after the first failure; at least a millisecond.
  ///   - longest: what it doubles up to.
  ///   - seed: of the jitter.
  public init(first: TimeSpan, longest: TimeSpan, seed: UInt64) {
    self.first = max(first, TimeSpan(milliseconds: 1))
    self.longest = max(longest, self.first)
    generator = SeededGenerator(seed: seed)
  }

  /// Between half and all of `first` doubled `attempts` times, at most of `longest`.
  public mutating func delay(attempts: Int) -> TimeSpan {
    let (doubled, overflow) = first.milliseconds.multipliedReportingOverflow(by: 1 << min(max(attempts, 0), 40))
    return jitter(overflow ? longest : min(TimeSpan(milliseconds: doubled), longest))
  }

  private mutating func jitter(_ span: TimeSpan) -> TimeSpan {
    let half = span.milliseconds / 2
    return TimeSpan(milliseconds: span.milliseconds - Int64(Double(half) * generator.fraction()))
  }
}
