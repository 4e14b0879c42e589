import AttuneModel

/// Keeps a lane from pouring its messages into a channel that says nothing.
///
/// Closed, it lets everything through. After too many dispatches without an answer it is open until an instant; from
/// then on one message at a time may try, and the first answer closes it.
struct Breaker: Sendable {
  private let limit: Int
  private var strikes = 0
  private(set) var until: Instant?

  init(limit: Int) { self.limit = max(1, limit) }

  var isClosed: Bool { strikes < limit }

  func isOpen(at now: Instant) -> Bool { until.map { now < $0 } ?? false }

  mutating func answer() {
    strikes = 0
    until = nil
  }

  /// - Parameter isOverdue: nobody came back at all: once is enough.
  /// - Returns: whether it is open from here on.
  mutating func miss(isOverdue: Bool, at now: Instant, _ backoff: inout Backoff) -> Bool {
    strikes = isOverdue ? max(strikes + 1, limit) : strikes + 1
    guard !isClosed else { return false }
    until = now + backoff.delay(attempts: strikes - limit)
    return true
  }

  mutating func shift(by span: TimeSpan) { until = until.map { $0 + span } }
}
