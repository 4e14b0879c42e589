public import Model

/// How long clicks take, as far as it was seen: a histogram of delays in steps of a quarter of an octave.
///
/// A message without a click is not yet one that failed. It counts as such at an instant drawn from this distribution:
/// so at any time as large a share of the failures has been counted as of the clicks, and the rate learned meanwhile is
/// neither too high, as it is where failures wait for the end of the window, nor too low, as it is where they count at
/// once. It holds for fast and slow clickers alike, as long as copies do not differ in their clickers' haste.
public struct ClickDelays: Hashable, Sendable {
  /// By the delay's logarithm; the first is for less than a second.
  private var counts: [Double]

  private static let buckets = 96
  /// What is thought of a delay before any was seen, worth this many clicks: half within ten minutes.
  private static let prior = 20.0
  private static let typical = 600_000.0

  public init() {
    counts = Array(repeating: 0, count: Self.buckets)
    // Log-logistic: a few at once, most within the hour, some the next day.
    var before = 0.0
    for bucket in counts.indices {
      let ratio = Self.typical / Self.upper(bucket)
      let share = 1 / (1 + ratio)
      counts[bucket] = Self.prior * (share - before)
      before = share
    }
  }

  /// A click that came so long after its message. Older ones fade, so that the distribution follows the hour.
  public mutating func record(_ delay: TimeSpan) {
    counts[Self.bucket(delay)] += 1
    if counts.reduce(0, +) > 100_000 { for bucket in counts.indices { counts[bucket] /= 2 } }
  }

  /// The share of clicks that have come by then.
  public func share(by delay: TimeSpan) -> Double {
    let bucket = Self.bucket(delay)
    let lower = bucket == 0 ? 0 : Self.upper(bucket - 1)
    let within = min(1, max(0, (Double(delay.milliseconds) - lower) / (Self.upper(bucket) - lower)))
    let all = counts.reduce(0, +)
    return (counts[..<bucket].reduce(0, +) + within * counts[bucket]) / all
  }

  /// The delay at a fraction of the distribution as far as it lies within `window`.
  /// - Parameter fraction: in 0 ..< 1, drawn evenly.
  public func draw(_ fraction: Double, within window: TimeSpan) -> TimeSpan {
    var left = fraction * share(by: window) * counts.reduce(0, +)
    for bucket in counts.indices {
      if left < counts[bucket] {
        let lower = bucket == 0 ? 0 : Self.upper(bucket - 1)
        let delay = lower + (Self.upper(bucket) - lower) * left / counts[bucket]
        return min(window, TimeSpan(milliseconds: Int64(delay)))
      }
      left -= counts[bucket]
    }
    return window
  }

  /// Where a bucket ends, in milliseconds: a second, and a quarter of an octave more with each; the last one goes on.
  private static func upper(_ bucket: Int) -> Double { 1000 * Elementary.exp(0.17328679513998632 * Double(bucket)) }

  private static func bucket(_ delay: TimeSpan) -> Int {
    let seconds = Double(max(1, delay.milliseconds)) / 1000
    if seconds <= 1 { return 0 }
    return min(buckets - 1, Int((Elementary.log(seconds) / 0.17328679513998632).rounded(.up)))
  }
}

extension ClickDelays: BinaryCodable {
  public func encode(into writer: inout ByteWriter) { for count in counts { writer.write(count) } }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init()
    for bucket in counts.indices {
      let count: Double = try reader.read()
      guard count >= 0, count < 1e15 else { throw BinaryError.invalid("a count of clicks", at: reader.position) }
      counts[bucket] = count
    }
  }
}
