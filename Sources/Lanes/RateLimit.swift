import AttuneModel

/// So many messages a second, and at most one second's worth at once (the generic cell rate algorithm).
struct RateLimit: Sendable {
  private static let second: Int64 = 1_000_000
  /// Microseconds that a message takes up, and that may be taken up in advance.
  private let interval: Int64
  private let burst: Int64
  /// Up to when time is taken up, in microseconds since 1970.
  private var taken = Int64.min / 4

  init(perSecond: Int) {
    interval = max(1, Self.second / Int64(min(max(1, perSecond), 1_000_000)))
    burst = max(Self.second, interval)
  }

  /// Messages that may go now.
  func allowance(at now: Instant) -> Int { Int(max(0, burst - debt(at: now)) / interval) }

  mutating func spend(_ messages: Int, at now: Instant) {
    taken = max(taken, Self.microseconds(now)) + Int64(messages) * interval
  }

  /// When the next one may go.
  func next(at now: Instant) -> Instant {
    let wait = max(0, debt(at: now) - burst + interval)
    return now + TimeSpan(milliseconds: (wait + 999) / 1000)
  }

  mutating func shift(by span: TimeSpan) {
    taken = max(.min / 4, taken + Self.microseconds(Instant(milliseconds: span.milliseconds)))
  }

  private func debt(at now: Instant) -> Int64 { max(0, taken - Self.microseconds(now)) }

  private static func microseconds(_ instant: Instant) -> Int64 {
    min(max(instant.milliseconds, .min / 8000), .max / 8000) * 1000
  }
}
