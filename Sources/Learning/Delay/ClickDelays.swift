public import AttuneModel

/// How long clicks take, for each copy, as far as they come within the attribution window.
///
/// Young messages can only have shown short delays. So a delay counts among messages old enough to have shown it, by
/// reverse hazards (Lynden-Bell 1971): of the clicks within e, the share that came in the last bucket before e. Each
/// hazard is shrunk, a copy's to that of all copies, theirs to d / (d + m), whose m, 20 minutes at first, is the one that
/// explains best what was seen: where clicks take seconds, it is not waited for hours. How many messages the clicks came
/// of speaks, too: 139 clicks of 1,020 messages in ten seconds cannot be the first of those that take 20 minutes.
public struct ClickDelays: Hashable, Sendable {
  /// The attribution window: later clicks do not count.
  public let window: TimeSpan
  /// Upper ends of the buckets, half an octave each; the last is the window's.
  let edges: [TimeSpan]
  /// Clicks of each copy and bucket, of messages whose window is over; and of younger ones, by when they were sent.
  var settled: [[UInt32]] = []
  var cohorts: [Cohort] = []
  /// Messages whose window is over, and their clicks.
  var settledSends = 0
  var settledClicks = 0
  /// Whether it is known well enough how long clicks take to hold anything against a user or a copy.
  public internal(set) var isKnown = false
  /// What is believed now: the share of clicks within each edge, of all copies and of each.
  var pooled: [Double]
  var shares: [[Double]] = []
  /// Clicks since that was computed, and messages.
  var news = 0
  var sends = 0
  /// Messages that are known.
  var total = 0
  var clicks = 0

  /// Messages sent at about the same time: as near each other as an eighth of their age, so that what their clicks show
  /// is known almost at once.
  struct Cohort: Hashable, Sendable {
    var start: Instant
    var width: TimeSpan
    var counts: [[UInt32]]
    var sends = 0
    var end: Instant { start + width }
    /// At most as many as its messages: of those that came with an older store, nobody noted how many there were.
    var clicks: Int { min(sends, counts.reduce(0) { $1.reduce($0) { $0 + Int($1) } }) }

    /// Of its messages, half of them at least.
    func age(at now: Instant) -> TimeSpan {
      max(.zero, now - (start + TimeSpan(milliseconds: width.milliseconds / 2)))
    }

    init(around sent: Instant, width: TimeSpan, counts: [[UInt32]] = []) {
      start = Instant(milliseconds: sent.milliseconds - sent.milliseconds % max(1, width.milliseconds))
      self.width = width
      self.counts = counts
    }
  }

  static let buckets = 24
  /// The narrowest cohorts, of the window.
  private static let finest: Int64 = 8192
  /// Clicks that the prior, and those of the other copies, count for.
  private static let pooledWeight = 5.0
  private static let copyWeight = 8.0
  private static let mostCohorts = 1024

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
    pooled = Self.prior(self.edges, half: Self.usualHalf)
  }

  static let usualHalf = 1_200_000.0

  /// Shares of the clicks within each edge, where half of those that ever come do within `half` milliseconds.
  static func prior(_ edges: [TimeSpan], half: Double) -> [Double] {
    let shares = edges.map { Double($0.milliseconds) / (Double($0.milliseconds) + half) }
    return shares.map { $0 / shares[buckets - 1] }
  }

  /// Of the clicks that come within the window, those within `delay`: 0...1.
  public func share(of delay: TimeSpan, copy: Int) -> Double { share(of: delay, in: shares(of: copy)) }

  func share(of delay: TimeSpan, in shares: [Double]) -> Double {
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

  /// How old a message without a click must be before it is asked again whether it counts as ignored: as long as its
  /// share of the clicks takes, by what is believed now, and not much longer at a time: beliefs change.
  /// - Parameter age: how old it is; nil: it counts now.
  public func wait(of share: Double, copy: Int, age: TimeSpan) -> TimeSpan? {
    let drawn = delay(of: share, copy: copy)
    if drawn <= age { return nil }
    return min(drawn, edges.first { $0 > age } ?? window)
  }

  private func start(of bucket: Int) -> Int64 { bucket > 0 ? edges[bucket - 1].milliseconds : 0 }

  private func shares(of copy: Int) -> [Double] { shares.indices ~= copy ? shares[copy] : pooled }

  /// A message that a click may come of was sent.
  public mutating func send(at sent: Instant) {
    let place = cohort(of: sent, age: .zero)
    cohorts[place].sends += 1
    sends += 1
    total += 1
    if cohorts.count > Self.mostCohorts || sends > 1000 + total / 4 { estimate(at: sent) }
  }

  /// A click, within the window of its message.
  public mutating func observe(copy: Int, sent: Instant, clicked: Instant) {
    let delay = clicked - sent
    guard 0..<Prior.mostCopies ~= copy, delay >= .zero, let bucket = edges.firstIndex(where: { delay <= $0 }) else {
      return
    }
    settle(before: clicked - window)
    let place = cohort(of: sent, age: delay)
    if cohorts[place].counts.isEmpty { news += Self.buckets }
    Self.add(1, copy, bucket, to: &cohorts[place].counts)
    clicks += 1
    news += 1
    if news > 4 + clicks / 16 { estimate(at: clicked) }
  }

  private mutating func cohort(of sent: Instant, age: TimeSpan) -> Int {
    if let known = cohorts.lastIndex(where: { $0.start <= sent && sent < $0.end }) { return known }
    let place = cohorts.firstIndex { $0.start > sent } ?? cohorts.count
    cohorts.insert(Cohort(around: sent, width: width(atAge: age)), at: place)
    return place
  }

  private func width(atAge age: TimeSpan) -> TimeSpan {
    var width = max(1, window.milliseconds / Self.finest)
    while width < window.milliseconds / 32, 16 * width <= age.milliseconds { width *= 2 }
    return TimeSpan(milliseconds: width)
  }

  /// Cohorts grow as they get older.
  mutating func merge(at now: Instant) {
    var merged: [Cohort] = []
    for cohort in cohorts {
      let wide = Cohort(around: cohort.start, width: max(cohort.width, width(atAge: now - cohort.end)))
      if merged.last.map({ $0.end <= wide.start }) ?? true { merged.append(wide) }
      merged[merged.count - 1].sends += cohort.sends
      for (copy, row) in cohort.counts.enumerated() {
        for (bucket, count) in row.enumerated() where count > 0 {
          Self.add(count, copy, bucket, to: &merged[merged.count - 1].counts)
        }
      }
    }
    cohorts = merged
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
      settledSends += first.sends
      settledClicks += first.clicks
      for (copy, row) in first.counts.enumerated() {
        for (bucket, count) in row.enumerated() where count > 0 { Self.add(count, copy, bucket, to: &settled) }
      }
    }
  }

  /// Of messages that are older than the bucket's end: clicks in the bucket, and up to it; by copy.
  func counts(at now: Instant) -> (within: [[Double]], upTo: [[Double]]) {
    var copies = settled.count
    for cohort in cohorts { copies = max(copies, cohort.counts.count) }
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
    return (within, upTo)
  }

  mutating func estimate(at now: Instant) {
    (news, sends) = (0, 0)
    settle(before: now - window)
    merge(at: now)
    let (within, upTo) = counts(at: now)
    let views = views(within, upTo, at: now, every: 2)
    pooled = shrunk(
      Self.sum(within), Self.sum(upTo), to: Self.likeliest(views) ?? Self.shares(octave: 0, edges),
      weight: Self.pooledWeight)
    shares = within.indices.map { shrunk(within[$0], upTo[$0], to: pooled, weight: Self.copyWeight) }
    isKnown = rate(by: views, every: 2, at: now)?.isKnown ?? false
  }

  static func sum(_ rows: [[Double]]) -> [Double] {
    rows.reduce(into: [Double](repeating: 0, count: buckets)) { sums, row in
      for index in sums.indices { sums[index] += row[index] }
    }
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
