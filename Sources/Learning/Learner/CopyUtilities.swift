/// What a send of each copy is worth beside its chance of a click: its utility is value * P(click) - cost, in the unit of
/// `value`, and the greatest utility wins.
public struct CopyUtilities: Hashable, Sendable {
  /// What a click is worth; NaN and below 0 count as 0.
  public var value: Double
  /// Of each copy: prices of quotas, annoyance, weariness; negative where a minimum wants it. Missing ones are 0.
  public var costs: [Double]
  /// Of each copy, whether it may be chosen; nil: all may. Missing ones may not.
  public var eligible: [Bool]?
  /// What holding is worth: copies at or below it are not sent. nil: always send.
  public var hold: Double?

  /// A second way of sending each copy, where it is worth more; its quotas and its floor are the first one's.
  public var alternative: Alternative?

  /// Less value, less cost: quiet delivery.
  public struct Alternative: Hashable, Sendable {
    /// What a click is worth this way.
    public var value: Double
    /// Of each copy, as above.
    public var costs: [Double]

    public init(value: Double, costs: [Double]) {
      self.value = value
      self.costs = costs
    }
  }

  public init(
    value: Double = 1, costs: [Double] = [], eligible: [Bool]? = nil, hold: Double? = nil,
    alternative: Alternative? = nil
  ) {
    self.value = value
    self.costs = costs
    self.eligible = eligible
    self.hold = hold
    self.alternative = alternative
  }

  @inline(__always)
  func isEligible(_ copy: Int) -> Bool {
    guard let eligible else { return true }
    return copy < eligible.count && eligible[copy]
  }

  /// NaN counts as an infinite cost: never sent but by the floor.
  @inline(__always)
  func cost(_ copy: Int) -> Double { Self.cost(costs, copy) }

  @inline(__always)
  private static func cost(_ costs: [Double], _ copy: Int) -> Double {
    guard copy < costs.count else { return 0 }
    return costs[copy].isNaN ? .infinity : max(costs[copy], -most)
  }

  private static let most = 1e12

  var worth: Double { Self.worth(value) }
  private static func worth(_ value: Double) -> Double { value > 0 ? min(value, most) : 0 }

  /// What a utility has to exceed.
  var bar: Double {
    guard let hold else { return -.infinity }
    return hold.isNaN ? .infinity : hold
  }

  /// A copy's utility at these log odds of a click, by the better of its two ways.
  @inline(__always)
  public func utility(_ copy: Int, logOdds z: Double) -> Double {
    let first = worth * Elementary.sigmoid(z) - cost(copy)
    guard let alternative else { return first }
    return max(first, Self.worth(alternative.value) * Elementary.sigmoid(z) - Self.cost(alternative.costs, copy))
  }

  /// The log odds from which on a copy has this utility.
  func logOdds(of utility: Double, _ copy: Int) -> Double {
    let first = Self.logOdds(utility + cost(copy), worth)
    guard let alternative else { return first }
    return min(first, Self.logOdds(utility + Self.cost(alternative.costs, copy), Self.worth(alternative.value)))
  }

  private static func logOdds(_ needed: Double, _ worth: Double) -> Double {
    if worth <= 0 { return needed <= 0 ? -.infinity : .infinity }
    let p = needed / worth
    return p <= 0 ? -.infinity : p >= 1 ? .infinity : Elementary.logit(p)
  }

  /// Whether the utilities of two copies compare as their log odds do.
  func costAlike(_ a: Int, _ b: Int) -> Bool {
    guard cost(a) == cost(b) else { return false }
    return alternative.map { Self.cost($0.costs, a) == Self.cost($0.costs, b) } ?? true
  }
}

/// What was chosen, and what its propensity is computed from.
public struct Choice: Hashable, Sendable {
  /// The copy's place; nil: hold.
  public var copy: Int?
  /// Whether the exploration floor chose it, whatever the scores.
  public var isExploration: Bool
  /// What was believed of every copy.
  public var scores: [Score]
  /// The log odds drawn for every copy; NaN of those not eligible.
  public var draws: [Double]
}
