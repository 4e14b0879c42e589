public import Metrics
import Synchronization

/// Keeps what swift-metrics records, and writes it in Prometheus's text format.
///
/// Counters end in `_total`, timers are histograms in `_seconds`, aggregating recorders histograms, the rest gauges.
/// A name that was given to another kind of instrument first records, but is not shown.
public final class PrometheusFactory: MetricsFactory, Sendable {
  public struct Family: Sendable {
    public var help: String
    /// Upper bounds of a histogram's buckets, ascending; `+Inf` goes without saying.
    public var buckets: [Double]

    public init(help: String, buckets: [Double] = Family.durations) {
      self.help = help
      self.buckets = buckets
    }

    /// Seconds, from half a millisecond to ten.
    public static let durations: [Double] = [
      0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]
  }

  private struct Series {
    var kind: PrometheusText.Kind
    var help: String
    /// By their labels, as they are written.
    var handlers: [String: any PrometheusHandler] = [:]
  }

  private let families: [String: Family]
  private let series = Mutex<[String: Series]>([:])

  /// - Parameter families: what is known of instruments by their labels.
  public init(families: [String: Family] = [:]) { self.families = families }

  /// Everything recorded so far, version 0.0.4 of the text format, in a stable order.
  public func text() -> String {
    let all = series.withLock { $0 }
    var text = PrometheusText()
    for (name, series) in all.sorted(by: { $0.key < $1.key }) {
      text.family(name, series.kind, help: series.help)
      for (labels, handler) in series.handlers.sorted(by: { $0.key < $1.key }) {
        handler.write(name, labels: labels, into: &text)
      }
    }
    return text.text
  }

  private func handler<Handler: PrometheusHandler>(
    _ label: String, suffix: String, _ dimensions: [(String, String)], make: (Family) -> Handler
  ) -> Handler {
    var name = PrometheusText.name(label)
    if !name.hasSuffix(suffix) { name += suffix }
    let family = families[label] ?? Family(help: label)
    let labels = PrometheusText.labels(dimensions)
    return series.withLock { all in
      var series = all[name] ?? Series(kind: Handler.kind, help: family.help)
      if let known = series.handlers[labels] as? Handler { return known }
      let handler = make(family)
      guard series.kind == Handler.kind, series.handlers[labels] == nil else { return handler }
      series.handlers[labels] = handler
      all[name] = series
      return handler
    }
  }

  private func forget(_ handler: AnyObject) {
    series.withLock { all in
      for (name, series) in all {
        guard let labels = series.handlers.first(where: { $0.value === handler })?.key else { continue }
        all[name]?.handlers[labels] = nil
        if series.handlers.count == 1 { all[name] = nil }
      }
    }
  }
}

extension PrometheusFactory {
  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    handler(label, suffix: "_total", dimensions) { _ in PrometheusCounter() }
  }
  public func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    handler(label, suffix: "_total", dimensions) { _ in PrometheusCounter() }
  }
  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    handler(label, suffix: "", dimensions) { _ in PrometheusGauge() }
  }
  public func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    guard aggregate else { return handler(label, suffix: "", dimensions) { _ in PrometheusGauge() } }
    return handler(label, suffix: "", dimensions) { PrometheusHistogram(buckets: $0.buckets) }
  }
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    handler(label, suffix: "_seconds", dimensions) { PrometheusHistogram(buckets: $0.buckets) }
  }

  public func destroyCounter(_ handler: any CounterHandler) { forget(handler) }
  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { forget(handler) }
  public func destroyMeter(_ handler: any MeterHandler) { forget(handler) }
  public func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }
  public func destroyTimer(_ handler: any TimerHandler) { forget(handler) }
}
