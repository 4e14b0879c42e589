/// How often what happened: the counts that funnels and reports are summed from.
public struct Tally: Hashable, Sendable {
  public private(set) var counts: [Key: Int] = [:]

  /// What is counted.
  public struct Key: Hashable, Sendable {
    /// Calendar day in the configuration's zone: days since 1970-01-01.
    public var day: Int64
    public var stage: Stage
    /// Whose candidates are counted; nil for events, which are nobody's yet.
    public var source: Origin.Source?
    public var scene: String
    public var business: String
    /// What more there is to say: the name of the obstacle, the material sent; else empty.
    public var detail: String

    public init(
      day: Int64, stage: Stage, source: Origin.Source? = nil, scene: String = "", business: String = "",
      detail: String = ""
    ) {
      self.day = day
      self.stage = stage
      self.source = source
      self.scene = scene
      self.business = business
      self.detail = detail
    }

    /// Nil unless a rule proposed what is counted.
    public var rule: String? { source?.rule }
  }

  /// The steps of the funnel, from the door to the conversion.
  public enum Stage: UInt8, Sendable, CaseIterable {
    case accepted = 0  // an event taken in
    case duplicate, late
    case matched, routed
    case refused  // detail: the obstacle's name
    case deferred  // detail: the obstacle's name; once a try
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

  /// Adds all counts of another.
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
    if (a.day, a.stage) != (b.day, b.stage) { return (a.day, a.stage.rawValue) < (b.day, b.stage.rawValue) }
    let (left, right) = (a.source?.kind.rawValue ?? 0, b.source?.kind.rawValue ?? 0)
    return (left, a.rule ?? "", a.scene, a.business, a.detail) < (right, b.rule ?? "", b.scene, b.business, b.detail)
  }
}
