/// What decides beside the click: a copy's utility is value * P(click) - cost, and the greatest wins.
public struct Terms: Hashable, Sendable {
  /// What a click is worth; NaN and below 0 count as 0.
  public var value: Double
  /// Of each copy: prices of quotas, annoyance, weariness; negative where a minimum wants it. Missing ones are 0.
  public var costs: [Double]
  /// Copies that may be chosen; nil: all. Missing ones are not.
  public var eligible: [Bool]?
  /// What holding is worth: copies at or below it are not sent. nil: always send.
  public var hold: Double?

  public init(value: Double = 1, costs: [Double] = [], eligible: [Bool]? = nil, hold: Double? = nil) {
    self.value = value
    self.costs = costs
    self.eligible = eligible
    self.hold = hold
  }

  @inline(__always)
  func isEligible(_ copy: Int) -> Bool {
    guard let eligible else { return true }
    return copy < eligible.count && eligible[copy]
  }

  /// NaN counts as infinitely dear: never sent but by the floor.
  @inline(__always)
  func cost(_ copy: Int) -> Double {
    guard copy < costs.count else { return 0 }
    return costs[copy].isNaN ? .infinity : max(costs[copy], -Self.most)
  }

  private static let most = 1e12

  var worth: Double { value > 0 ? min(value, Self.most) : 0 }

  /// What a utility has to exceed.
  var bar: Double {
    guard let hold else { return -.infinity }
    return hold.isNaN ? .infinity : hold
  }

  @inline(__always)
  func utility(_ copy: Int, logOdds z: Double) -> Double { worth * Elementary.sigmoid(z) - cost(copy) }
}

/// What was chosen, and what its propensity is computed from.
public struct Choice: Hashable, Sendable {
  /// nil: hold.
  public var copy: Int?
  /// Drawn by the exploration floor, whatever the scores.
  public var isExploration: Bool
  /// What was believed of every copy.
  public var scores: [Score]
  /// The log odds drawn for every copy; NaN of those not eligible.
  public var draws: [Double]
}
