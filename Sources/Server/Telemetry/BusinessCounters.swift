import AttuneModel
import Metrics
import Synchronization

/// Counts by business, of as many as dashboards can take: names of campaigns come and never go.
final class BusinessCounters: Sendable {
  static let limit = 100
  static let others = "(others)"

  private let factory: PrometheusFactory
  private let counters = Mutex<[String: [Tally.Stage: Counter]]>([:])

  init(factory: PrometheusFactory) { self.factory = factory }

  func add(_ key: Tally.Key, _ count: Int) {
    guard !key.business.isEmpty, let outcome = Self.outcomes[key.stage] else { return }
    counters.withLock { counters in
      let isKnown = counters[key.business] != nil || counters.count < Self.limit
      let business = isKnown ? key.business : Self.others
      let counter =
        counters[business]?[key.stage]
        ?? Counter(
          label: "attune_business_messages", dimensions: [("business", business), ("outcome", outcome)],
          factory: factory)
      counters[business, default: [:]][key.stage] = counter
      counter.increment(by: count)
    }
  }

  private static let outcomes: [Tally.Stage: String] = [
    .sent: "sent", .refused: "refused", .deferred: "deferred", .reserved: "reserved", .taken: "accepted",
    .failed: "failed", .unknown: "unknown", .withdrawn: "withdrawn", .delivered: "delivered", .opened: "opened",
    .dismissed: "dismissed", .converted: "converted", .unsubscribed: "unsubscribed",
  ]
}
