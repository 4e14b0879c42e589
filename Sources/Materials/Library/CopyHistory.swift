public import AttuneModel

/// How often a copy was sent, and what came of it. Sums saturate.
public struct CopyCounts: Hashable, Sendable {
  /// Messages that a channel took.
  public var sends: Int
  /// Messages that reached a device.
  public var deliveries: Int
  /// Messages that were opened.
  public var clicks: Int
  /// Messages that were said to have brought what they were for.
  public var conversions: Int
  /// Messages that made their user unsubscribe.
  public var optOuts: Int

  public init(sends: Int = 0, deliveries: Int = 0, clicks: Int = 0, conversions: Int = 0, optOuts: Int = 0) {
    self.sends = sends
    self.deliveries = deliveries
    self.clicks = clicks
    self.conversions = conversions
    self.optOuts = optOuts
  }

  public static func + (a: CopyCounts, b: CopyCounts) -> CopyCounts {
    func sum(_ part: KeyPath<CopyCounts, Int>) -> Int {
      let (sum, overflow) = a[keyPath: part].addingReportingOverflow(b[keyPath: part])
      return overflow ? .max : sum
    }
    return CopyCounts(
      sends: sum(\.sends), deliveries: sum(\.deliveries), clicks: sum(\.clicks), conversions: sum(\.conversions),
      optOuts: sum(\.optOuts))
  }
}

/// What a copy did here, day by day. A day is a calendar day of the configuration's zone, since 1970-01-01.
public struct CopyHistory: Hashable, Sendable {
  /// What happened on one calendar day.
  public struct Day: Hashable, Sendable {
    public let day: Int64
    public var counts: CopyCounts
  }

  /// In order; those on which something happened.
  public private(set) var days: [Day] = []

  public init() {}

  /// - Parameter day: days since 1970-01-01, in the configuration's zone.
  public mutating func add(_ counts: CopyCounts, on day: Int64) {
    var index = days.count
    // What is added is nearly always the newest.
    while index > 0, days[index - 1].day > day { index -= 1 }
    if index > 0, days[index - 1].day == day {
      days[index - 1].counts = days[index - 1].counts + counts
    } else {
      days.insert(Day(day: day, counts: counts), at: index)
    }
  }

  /// Of all days.
  public var total: CopyCounts { days.reduce(CopyCounts()) { $0 + $1.counts } }

  /// The last day on which it was sent.
  public var lastUsed: Int64? { days.last { $0.counts.sends > 0 }?.day }

  func total(before day: Int64) -> CopyCounts { total { $0 < day } }
  func total(in range: Range<Int64>) -> CopyCounts { total(where: range.contains) }

  private func total(where fits: (Int64) -> Bool) -> CopyCounts {
    days.reduce(CopyCounts()) { fits($1.day) ? $0 + $1.counts : $0 }
  }

  /// By copy: what a tally tells of the messages that said it.
  public static func histories(in tally: Tally) -> [String: CopyHistory] {
    var histories: [String: CopyHistory] = [:]
    for (key, count) in tally.sorted where !key.detail.isEmpty {
      var counts = CopyCounts()
      switch key.stage {
      case .taken: counts.sends = count
      case .delivered: counts.deliveries = count
      case .opened: counts.clicks = count
      case .converted: counts.conversions = count
      case .unsubscribed: counts.optOuts = count
      default: continue
      }
      histories[key.detail, default: CopyHistory()].add(counts, on: key.day)
    }
    return histories
  }

  /// The stages that it is made of.
  public static let stages: [Tally.Stage] = [.taken, .delivered, .opened, .converted, .unsubscribed]
}
