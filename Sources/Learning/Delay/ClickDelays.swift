public import Model

/// How long clicks take, for each copy, as far as they come within the attribution window.
///
/// Young messages can only have shown short delays. So a delay counts among messages old enough to have shown it, by
/// reverse hazards (Lynden-Bell 1971): of the clicks within e, the share that came in the last bucket before e. Each
/// hazard is shrunk, a copy's to that of all copies, theirs to a prior: half of what comes within the window and 20
/// minutes.
public struct ClickDelays: Hashable, Sendable {
  public let window: TimeSpan
  /// Upper ends of the buckets, half an octave each; the last is the window's.
  let edges: [TimeSpan]
  /// Clicks of each copy and bucket, of messages whose window is over; and of younger ones, by when they were sent.
  var settled: [[UInt32]] = []
  var cohorts: [Cohort] = []
  /// What is believed now: the share of clicks within each edge, of all copies and of each.
  var pooled: [Double]
  var shares: [[Double]] = []
  /// Clicks since that was computed.
  var news = 0
  var clicks = 0

  struct Cohort: Hashable, Sendable {
    /// When the last of its messages was sent, at the latest.
    var end: Instant
    var counts: [[UInt32]]
  }

  static let buckets = 24
  static let slots: Int64 = 32
  /// Clicks that the prior, and those of the other copies, count for.
  private static let pooledWeight = 5.0
  private static let copyWeight = 8.0

  /// - Parameter window: at least a second.
  public init(window: TimeSpan) {
    self.window = TimeSpan(milliseconds: min(max(1000, window.milliseconds), 1 << 40))
    var edge = Double(self.window.milliseconds)
    var edges: [TimeSpan] = []
    for _ in 0..<Self.buckets {
      edges.append(TimeSpan(milliseconds: Int64(edge)))
      edge *= 0.7071067811865476
    }
    self.edges = edges.reversed()
    let whole = Self.prior(self.edges[Self.buckets - 1])
    pooled = self.edges.map { Self.prior($0) / whole }
  }

  private static func prior(_ delay: TimeSpan) -> Double {
    Double(delay.milliseconds) / (Double(delay.milliseconds) + 1_200_000)
  }

  /// Of the clicks that come within the window, those within `delay`: 0...1.
  public func share(of delay: TimeSpan, copy: Int) -> Double {
    let shares = shares(of: copy)
    guard let bucket = edges.firstIndex(where: { delay <= $0 }) else { return 1 }
    let (low, start, end) = (bucket > 0 ? shares[bucket - 1] : 0, start(of: bucket), edges[bucket].milliseconds)
    let part = Double(max(0, delay.milliseconds) - start) / Double(max(1, end - start))
    return low + (shares[bucket] - low) * max(0, part)
  }

  /// The delay within which this share of the clicks comes.
  public func delay(of share: Double, copy: Int) -> TimeSpan {
    let shares = shares(of: copy)
    guard let bucket = shares.firstIndex(where: { share <= $0 }) else { return window }
    let (low, start, end) = (bucket > 0 ? shares[bucket - 1] : 0, start(of: bucket), edges[bucket].milliseconds)
    let part = shares[bucket] > low ? max(0, share - low) / (shares[bucket] - low) : 1
    return TimeSpan(milliseconds: start + Int64(part * Double(end - start)))
  }

  private func start(of bucket: Int) -> Int64 { bucket > 0 ? edges[bucket - 1].milliseconds : 0 }

  private func shares(of copy: Int) -> [Double] { shares.indices ~= copy ? shares[copy] : pooled }

  /// A click, within the window of its message.
  public mutating func observe(copy: Int, sent: Instant, clicked: Instant) {
    let delay = clicked - sent
    guard 0..<Prior.mostCopies ~= copy, delay >= .zero, let bucket = edges.firstIndex(where: { delay <= $0 }) else {
      return
    }
    settle(before: clicked - window)
    let width = window.milliseconds / Self.slots
    let start = sent.milliseconds - sent.milliseconds % width
    let end = Instant(milliseconds: start) + TimeSpan(milliseconds: width)
    let place = cohorts.firstIndex { $0.end >= end } ?? cohorts.count
    if place == cohorts.count || cohorts[place].end != end {
      cohorts.insert(Cohort(end: end, counts: []), at: place)
      news += Self.buckets
    }
    Self.add(1, copy, bucket, to: &cohorts[place].counts)
    clicks += 1
    news += 1
    if news > 16 + clicks / 16 { estimate(at: clicked) }
  }

  private static func add(_ count: UInt32, _ copy: Int, _ bucket: Int, to counts: inout [[UInt32]]) {
    while counts.count <= copy { counts.append([UInt32](repeating: 0, count: buckets)) }
    // Old clicks fade: nothing overflows, and habits may change.
    if counts[copy][bucket] > 1 << 20 { for index in 0..<buckets { counts[copy][index] /= 2 } }
    counts[copy][bucket] &+= count
  }

  /// Cohorts whose windows are over count as one.
  private mutating func settle(before limit: Instant) {
    while let first = cohorts.first, first.end <= limit {
      cohorts.removeFirst()
      for (copy, row) in first.counts.enumerated() {
        for (bucket, count) in row.enumerated() where count > 0 { Self.add(count, copy, bucket, to: &settled) }
      }
    }
  }

  mutating func estimate(at now: Instant) {
    news = 0
    var copies = settled.count
    for cohort in cohorts { copies = max(copies, cohort.counts.count) }
    // Of messages that are older than the bucket's end: clicks in the bucket, and up to it.
    var within = [[Double]](repeating: [Double](repeating: 0, count: Self.buckets), count: copies)
    var upTo = within
    for (counts, age) in [(settled, window)] + cohorts.map({ ($0.counts, now - $0.end) }) {
      for (copy, row) in counts.enumerated() {
        var sum = 0.0
        for bucket in 0..<Self.buckets where edges[bucket] <= age {
          sum += Double(row[bucket])
          within[copy][bucket] += Double(row[bucket])
          upTo[copy][bucket] += sum
        }
      }
    }
    let whole = Self.prior(edges[Self.buckets - 1])
    pooled = shrunk(
      within.reduce(into: [Double](repeating: 0, count: Self.buckets), Self.add),
      upTo.reduce(into: [Double](repeating: 0, count: Self.buckets), Self.add),
      to: edges.map { Self.prior($0) / whole }, weight: Self.pooledWeight)
    shares = (0..<copies).map { shrunk(within[$0], upTo[$0], to: pooled, weight: Self.copyWeight) }
  }

  private static func add(_ sums: inout [Double], _ row: [Double]) {
    for index in sums.indices { sums[index] += row[index] }
  }

  private func shrunk(_ within: [Double], _ upTo: [Double], to believed: [Double], weight: Double) -> [Double] {
    var shares = [Double](repeating: 1, count: Self.buckets)
    for bucket in (1..<Self.buckets).reversed() {
      let before = believed[bucket] > 0 ? 1 - believed[bucket - 1] / believed[bucket] : 0
      let hazard = (within[bucket] + weight * before) / (upTo[bucket] + weight)
      shares[bucket - 1] = shares[bucket] * (1 - min(1, max(0, hazard)))
    }
    return shares
  }
}
