/// How often values of each size were seen: exact below 128, from there on within 1/64 of the value, in fixed memory.
struct Histogram: Sendable, Equatable {
  private var counts = [Int](repeating: 0, count: 58 * 64 + 64)
  private(set) var count = 0
  private(set) var max: UInt64 = 0

  mutating func record(_ value: UInt64) {
    counts[Self.bucket(of: value)] += 1
    count += 1
    if value > max { max = value }
  }

  mutating func add(_ other: Histogram) {
    for index in counts.indices { counts[index] += other.counts[index] }
    count += other.count
    max = Swift.max(max, other.max)
  }

  /// The least value that this share of all values does not exceed (nearest rank), rounded up to its bucket; 0 when
  /// there are none.
  func percentile(_ share: Double) -> UInt64 {
    let rank = Swift.max(1, Int((share * Double(count)).rounded(.up)))
    var seen = 0
    for (index, count) in counts.enumerated() where count > 0 {
      seen += count
      if seen >= rank { return min(max, Self.upperBound(of: index)) }
    }
    return max
  }

  /// Powers of two from 128 on are divided in 64.
  private static func bucket(of value: UInt64) -> Int {
    let shift = Swift.max(0, 57 - value.leadingZeroBitCount)
    return shift * 64 + Int(value >> UInt64(shift))
  }

  private static func upperBound(of bucket: Int) -> UInt64 {
    let shift = Swift.max(0, bucket / 64 - 1)
    let first = UInt64(bucket - shift * 64) << UInt64(shift)
    return first + ((1 << UInt64(shift)) - 1)
  }
}
