import Metrics
import Synchronization

/// One time series, or a histogram's several.
protocol PrometheusHandler: AnyObject, Sendable {
  static var kind: PrometheusText.Kind { get }
  func write(_ name: String, labels: String, into text: inout PrometheusText)
}

/// Only grows; what is negative or not a number is not counted.
final class PrometheusCounter: PrometheusHandler, CounterHandler, FloatingPointCounterHandler {
  static let kind = PrometheusText.Kind.counter
  private let value = Mutex(0.0)

  func increment(by amount: Int64) { increment(by: Double(amount)) }
  func increment(by amount: Double) {
    guard amount >= 0, amount.isFinite else { return }
    value.withLock { $0 += amount }
  }
  func reset() { value.withLock { $0 = 0 } }

  func write(_ name: String, labels: String, into text: inout PrometheusText) {
    text.sample(name, labels, value.withLock { $0 })
  }
}

final class PrometheusGauge: PrometheusHandler, MeterHandler, RecorderHandler {
  static let kind = PrometheusText.Kind.gauge
  private let value = Mutex(0.0)

  func set(_ new: Int64) { set(Double(new)) }
  func set(_ new: Double) { value.withLock { $0 = new } }
  func increment(by amount: Double) { value.withLock { $0 += amount } }
  func decrement(by amount: Double) { value.withLock { $0 -= amount } }
  func record(_ new: Int64) { set(Double(new)) }
  func record(_ new: Double) { set(new) }

  func write(_ name: String, labels: String, into text: inout PrometheusText) {
    text.sample(name, labels, value.withLock { $0 })
  }
}

final class PrometheusHistogram: PrometheusHandler, TimerHandler, RecorderHandler {
  static let kind = PrometheusText.Kind.histogram

  private struct Counts {
    /// One a bucket, and one for what lies above the last.
    var buckets: [Int]
    var sum = 0.0
  }

  private let bounds: [Double]
  private let counts: Mutex<Counts>

  init(buckets: [Double]) {
    bounds = buckets
    counts = Mutex(Counts(buckets: Array(repeating: 0, count: buckets.count + 1)))
  }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
  func record(_ value: Int64) { record(Double(value)) }
  func record(_ value: Double) {
    guard !value.isNaN else { return }
    let index = bounds.firstIndex { value <= $0 } ?? bounds.count
    counts.withLock { counts in
      counts.buckets[index] += 1
      counts.sum += value
    }
  }

  func write(_ name: String, labels: String, into text: inout PrometheusText) {
    let counts = counts.withLock { $0 }
    var sum = 0
    for (bound, count) in zip(bounds + [.infinity], counts.buckets) {
      sum += count
      let le = "le=\"\(PrometheusText.number(bound))\""
      text.sample(name + "_bucket", labels.isEmpty ? le : labels + "," + le, Double(sum))
    }
    text.sample(name + "_sum", labels, counts.sum)
    text.sample(name + "_count", labels, Double(sum))
  }
}
