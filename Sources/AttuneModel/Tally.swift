/// How often what happened: the counts that funnels and reports are summed from.
public struct Tally: Hashable, Sendable {
  public private(set) var counts: [Key: Int] = [:]

  public struct Key: Hashable, Sendable {
    /// Calendar day in the configuration's zone: days since 1970-01-01.
    public var day: Int64
    public var stage: Stage
    public var rule: String
    public var scene: String
    public var business: String
    /// What more there is to say: the filter that refused, the material sent; else empty.
    public var detail: String

    public init(
      day: Int64, stage: Stage, rule: String = "", scene: String = "", business: String = "", detail: String = ""
    ) {
      self.day = day
      self.stage = stage
      self.rule = rule
      self.scene = scene
      self.business = business
      self.detail = detail
    }
  }

  /// The steps of the funnel, from the door to the conversion.
  public enum Stage: UInt8, Sendable, CaseIterable {
    case accepted = 0  // an event taken in
    case duplicate, late
    case matched, routed
    case refused  // detail: filter, or fatigue.<dimension>
    case deferred  // detail: filter; once a try
    case sent  // detail: material, from here on
    case taken, failed, unknown, withdrawn  // settlements
    case delivered, opened, dismissed, converted, unsubscribed  // receipts
    case reserved  // a reservation of another team that passed; no rule, no detail
    // What a late event took back; detail: deferred, unsettled or settled, as the candidate was found. Without a
    // business: a match of which nothing was left.
    case retracted
  }

  public init() {}

  /// Saturates, so that no stored count can trap.
  public mutating func add(_ key: Key, _ count: Int = 1) {
    let (sum, overflow) = counts[key, default: 0].addingReportingOverflow(count)
    counts[key] = overflow ? (count < 0 ? .min : .max) : sum
  }

  public mutating func merge(_ other: Tally) {
    for (key, count) in other.counts { add(key, count) }
  }

  /// In a stable order, so that nothing downstream sees the dictionary's.
  public var sorted: [(key: Key, count: Int)] {
    counts.sorted { $0.key < $1.key }.map { (key: $0.key, count: $0.value) }
  }

  /// The sum over all keys that fit.
  public func total(_ stage: Stage, where fits: (Key) -> Bool = { _ in true }) -> Int {
    counts.reduce(0) { $1.key.stage == stage && fits($1.key) ? $0 + $1.value : $0 }
  }
}

extension Tally.Key: Comparable {
  public static func < (a: Self, b: Self) -> Bool {
    (a.day, a.stage.rawValue, a.rule, a.scene, a.business, a.detail)
      < (b.day, b.stage.rawValue, b.rule, b.scene, b.business, b.detail)
  }
}
