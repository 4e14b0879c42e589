import Learning

/// Whether a copy still does what it did: its click rate of late against its own earlier one.
///
/// *Of late* are the 15 days before today, the half-life of users' weariness; today itself is left out, as its sends
/// have had no time to be clicked. What was brought along from elsewhere counts as earlier.
public struct Freshness: Hashable, Sendable {
  /// What became of a copy's click rate.
  public enum State: String, Hashable, Sendable, CaseIterable {
    /// Nothing earlier to compare with.
    case new
    /// Not sent of late: half of its users' weariness, or more, has gone.
    case rested
    /// It has not lost a fifth of its rate.
    case fresh
    /// It has lost a fifth or more, and chance alone would hardly have done it.
    case wornOut = "worn out"
    /// Too few sends to tell.
    case unclear
  }

  public let state: State
  /// The rate of late over the earlier one; nil without both.
  public let ratio: Double?
  /// Holds the true ratio with 95% probability.
  public let interval: ClosedRange<Double>?
  /// The share by which a user who got it when it was last sent now likes it less: g * 2^(-days / 15).
  public let weariness: Double

  /// How far back *of late* goes; also the half-life of weariness.
  public static let days: Int64 = 15
  /// What is lost at once, after Duolingo's paper ("A sleeping, recovering bandit algorithm", 2020).
  public static let wearinessAtOnce = 0.017
  private static let loss = 0.8

  /// - Parameters:
  ///   - past: what was brought along.
  ///   - today: the calendar day.
  init(_ history: CopyHistory, past: CopyCounts, today: Int64) {
    let start = today.subtractingReportingOverflow(Self.days).partialValue
    let recent = start < today ? history.total(in: start..<today) : CopyCounts()
    let earlier = past + history.total(before: start)
    weariness = history.lastUsed.map { Self.weariness(afterDays: Double(today) - Double($0)) } ?? 0
    guard earlier.sends > 0, recent.sends > 0 else {
      (ratio, interval) = (nil, nil)
      state = earlier.sends > 0 ? .rested : .new
      return
    }
    let ratio = Self.rate(recent) / Self.rate(earlier)
    let deviation = (Self.variance(recent) + Self.variance(earlier)).squareRoot()
    let (low, high) = (ratio * Elementary.exp(-1.96 * deviation), ratio * Elementary.exp(1.96 * deviation))
    self.ratio = ratio
    interval = low...max(low, high)
    state = ratio <= Self.loss && high < 1 ? .wornOut : low > Self.loss ? .fresh : .unclear
  }

  /// Of a user who got the copy so many days ago.
  public static func weariness(afterDays days: Double) -> Double {
    wearinessAtOnce * Elementary.exp(-max(0, days) / Double(Self.days) * 0.6931471805599453)
  }

  // Half a click and half a send more, so that no click is no certainty (Gart 1966).
  private static func rate(_ counts: CopyCounts) -> Double {
    (Double(counts.clicks) + 0.5) / (Double(counts.sends) + 0.5)
  }

  /// Of the logarithm of the rate.
  private static func variance(_ counts: CopyCounts) -> Double {
    max(0, 1 / (Double(counts.clicks) + 0.5) - 1 / (Double(counts.sends) + 0.5))
  }
}
