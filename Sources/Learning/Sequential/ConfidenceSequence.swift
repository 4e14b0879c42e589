/// Intervals that hold at every look at once: with probability 1 - `alpha` none of them ever misses the truth, however
/// often one looks and whenever one stops.
///
/// Robbins' normal mixture (1970; asymptotically: Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, 2021):
/// half-width s sqrt(2 (t r^2 + 1) / (t^2 r^2) log(sqrt(t r^2 + 1) / alpha)) after t numbers of spread s. The spread is
/// not that of the numbers seen but, for every mean in question, the one such a mean would have (`ScoreInterval`): with
/// rare clicks the spread seen is too small just when the mean seen is, and a run of zeros would be a proof.
public struct ConfidenceSequence: Hashable, Sendable {
  /// The chance that any look misses.
  public let alpha: Double
  /// Where the sequence is narrowest; chosen before the data. See `init(alpha:expected:)`.
  public let r: Double

  /// - Parameters:
  ///   - alpha: Kept within 1e-12 ... 0.5.
  ///   - expected: How many numbers will have been seen when the decision is likeliest to fall. The sequence is
  ///     narrowest there (r^2 = (2 log(1/alpha) + log(1 + 2 log(1/alpha))) / expected) and valid everywhere.
  public init(alpha: Double = 0.05, expected: Int) {
    self.alpha = alpha >= 1e-12 ? min(alpha, 0.5) : alpha < 1e-12 ? 1e-12 : 0.05
    let depth = -2 * Elementary.log(self.alpha)
    r = ((depth + Elementary.log(1 + depth)) / Double(max(expected, 1))).squareRoot()
  }

  /// How many standard errors the half-width is after `count` numbers; about 2.9 where it is narrowest, at 5%.
  public func standardErrors(at count: Int) -> Double {
    guard count > 0 else { return .infinity }
    let spread = Double(count) * r * r
    return (2 * (spread + 1) / spread * Elementary.log((spread + 1).squareRoot() / alpha)).squareRoot()
  }

  /// The mean of what gives numbers in 0 ... 1.
  public func mean(of seen: Moments) -> Interval { mean(of: seen, standardErrors: standardErrors(at: seen.count)) }

  private func mean(of seen: Moments, standardErrors: Double) -> Interval {
    guard seen.count > 0 else { return .unknown }
    return ScoreInterval(z: standardErrors).interval(seen.mean, variance: 0, size: Double(seen.count))
  }

  /// The mean of `treated` above that of `held`, two slices of the same users, of numbers in 0 ... 1; `expected` and
  /// the count are those of both together.
  public func lift(of treated: Moments, over held: Moments) -> Interval {
    guard treated.count > 0, held.count > 0 else { return .unknown }
    let (both, overflow) = treated.count.addingReportingOverflow(held.count)
    let standardErrors = standardErrors(at: overflow ? .max : both)
    return Interval.difference(
      mean(of: treated, standardErrors: standardErrors), mean(of: held, standardErrors: standardErrors))
  }
}
