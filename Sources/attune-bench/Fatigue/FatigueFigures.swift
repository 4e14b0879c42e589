/// What was measured at one number of live keys. Times in nanoseconds.
struct FatigueFigures: Codable, Sendable {
  /// Of one kind of call. The mean is the median of the runs; percentiles are of a run of their own in which each call
  /// is timed by itself, and hold the cost of reading the clock.
  struct Calls: Codable, Sendable {
    var mean: Double
    /// Of processor: less than the mean where others wanted the machine too.
    var processor: Double
    var perSecond: Double
    var passing: Double
    var p50: Double
    var p99: Double
    var p999: Double
  }

  var keys: Int
  var keysPerUser: Int
  /// Check and reserve in one step.
  var reserve: Calls
  /// The same, prepared for a few users at a time, as the engine does with a batch; without percentiles.
  var prepared: Calls
  var check: Calls
  /// Means of the calls around them: the reaches that open a key, and what tells how a reach ended.
  var open: Double
  var settle: Double
  /// Nil where the system does not tell.
  var bytesPerKey: Double?
  var bytesPerKeyAfterTraffic: Double?
  /// What reading the clock costs.
  var clock: Double
}
