/// A beta distribution: what is known of a probability after `alpha - 1` successes and `beta - 1` failures.
public struct Beta: Hashable, Sendable {
  /// Both above 0 and finite.
  public let alpha: Double
  public let beta: Double

  /// What is not a positive finite number becomes the nearest one that can be reckoned with.
  public init(alpha: Double, beta: Double) {
    self.alpha = Self.sound(alpha)
    self.beta = Self.sound(beta)
  }

  /// - Parameter strength: alpha + beta: how many trials the mean is worth.
  public init(mean: Double, strength: Double) {
    self.init(alpha: mean * strength, beta: (1 - mean) * strength)
  }

  private static func sound(_ x: Double) -> Double { x > 1e-9 ? min(x, 1e15) : 1e-9 }

  /// How many trials the mean is worth.
  public var strength: Double { alpha + beta }
  public var mean: Double { alpha / strength }
  public var variance: Double { mean * (1 - mean) / (strength + 1) }

  /// After more trials.
  public func updated(successes: Int, failures: Int) -> Beta {
    Beta(alpha: alpha + Double(max(0, successes)), beta: beta + Double(max(0, failures)))
  }

  /// P(X <= x), to 10 digits: the regularised incomplete beta function by its continued fraction (Lentz's method).
  public func cumulative(_ x: Double) -> Double {
    guard x > 0 else { return x == x ? 0 : x }
    guard x < 1 else { return 1 }
    // The fraction converges quickly on this side of the mean only.
    return x < (alpha + 1) / (strength + 2)
      ? Self.lowerTail(x, alpha, beta) : 1 - Self.lowerTail(1 - x, beta, alpha)
  }

  private static func lowerTail(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let front = Elementary.exp(
      a * Elementary.log(x) + b * Elementary.log(1 - x) - logBeta(a, b) - Elementary.log(a))
    func kept(_ value: Double) -> Double { value.magnitude < 1e-300 ? 1e-300 : value }
    var c = 1.0
    var d = 1 / kept(1 - (a + b) * x / (a + 1))
    var fraction = d
    var m = 1.0
    while m < 20_000 {
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / kept(1 + even * d)
      c = kept(1 + even / c)
      fraction *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / kept(1 + odd * d)
      c = kept(1 + odd / c)
      fraction *= d * c
      if (d * c - 1).magnitude < 1e-14 { break }
      m += 1
    }
    return min(1, front * fraction)
  }

  /// The x with P(X <= x) = p: Newton's steps inside a bracket that halves where they leave it.
  public func quantile(_ p: Double) -> Double {
    guard p > 0, p < 1 else { return p == 0 ? 0 : p == 1 ? 1 : .nan }
    var (low, high) = (0.0, 1.0)
    var x = mean
    for _ in 0..<200 {
      let error = cumulative(x) - p
      if error > 0 { high = x } else { low = x }
      if high - low <= high * 1e-12 { break }
      let density = Elementary.exp(
        (alpha - 1) * Elementary.log(x) + (beta - 1) * Elementary.log(1 - x) - Self.logBeta(alpha, beta))
      let next = x - error / density
      let isInside = next > low && next < high
      let step = isInside ? next : (low + high) / 2
      if (step - x).magnitude <= x * 1e-11 { return step }
      x = step
    }
    return x
  }

  /// Between which X lies with this probability, as much left out below as above.
  public func interval(_ probability: Double = 0.95) -> ClosedRange<Double> {
    let low = quantile((1 - probability) / 2)
    return low...max(low, quantile((1 + probability) / 2))
  }

  static func logBeta(_ a: Double, _ b: Double) -> Double { logGamma(a) + logGamma(b) - logGamma(a + b) }

  /// The logarithm of the gamma function for x > 0, to 13 digits: Stirling's series, from 10 on.
  public static func logGamma(_ x: Double) -> Double {
    guard x > 0 else { return .nan }
    var x = x
    var below = 1.0
    while x < 10 {
      below *= x
      x += 1
    }
    let r = 1 / (x * x)
    let series = (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r * (1.0 / 1188))))) / x
    return (x - 0.5) * Elementary.log(x) - x + 0.9189385332046727 + series - Elementary.log(below)
  }
}
