/// What the server does over HTTP.
struct HTTPFigures: Codable, Sendable {
  struct Kind: Codable, Sendable {
    /// Requests; the median of the runs.
    var perSecond: Double
    var latency: Latency
    /// The share of verdicts that pass.
    var passing: Double?
    /// Of processor a request. Nil where the system does not tell.
    var serverMicroseconds: Double?
    var generatorMicroseconds: Double?
  }

  var connections: Int
  var batch: Int
  var runs: Int
  /// An empty handler.
  var empty: Kind
  /// One durable reservation a request.
  var single: Kind
  var batches: Kind
  /// Single requests a second, as a share of empty ones.
  var ratio: Double
  /// In batches.
  var reservesPerSecond: Double
}

/// Milliseconds.
struct Latency: Codable, Sendable {
  var p50: Double
  var p99: Double
  var p999: Double
  var max: Double

  /// - Parameter nanoseconds: what was recorded.
  init(_ nanoseconds: Histogram) {
    func milliseconds(_ value: UInt64) -> Double { (Double(value) / 1e6).rounded(to: 0.01) }
    p50 = milliseconds(nanoseconds.percentile(0.5))
    p99 = milliseconds(nanoseconds.percentile(0.99))
    p999 = milliseconds(nanoseconds.percentile(0.999))
    max = milliseconds(nanoseconds.max)
  }
}
