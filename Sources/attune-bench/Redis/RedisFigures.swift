/// What Redis does with the same work.
struct RedisFigures: Codable, Sendable {
  var version: String
  /// Commands on their way at a time: the fastest of those that were tried.
  var depth: Int
  var sizes: [Size]
  /// Calls of which both said the same, reason included; the benchmark stops at the first that differs.
  var agreeing: Int

  struct Size: Codable, Sendable {
    var keys: Int
    var perSecond: Double
    var passing: Double
    /// The share of the time in which its thread worked: below 1 it waited for us. Nil where the system does not tell.
    var busy: Double?
    var bytesPerKey: Double
    /// Nanoseconds of processor a call.
    var processor: Double?
    /// How many times as much a second we do; and how much less processor a call takes us, which is the better measure
    /// where others want the machine too.
    var ratio: Double
    var ratioOfProcessor: Double?

    mutating func compare(to ours: FatigueFigures) {
      ratio = (ours.reserve.perSecond / max(1, perSecond)).rounded(to: 0.1)
      ratioOfProcessor = processor.map { ($0 / max(1, ours.reserve.processor)).rounded(to: 0.1) }
    }
  }
}
