public import AttuneModel

/// The standard normal distribution.
public enum Normal {
  /// The height of the bell curve at `z`.
  public static func density(_ z: Double) -> Double { 0.3989422804014327 * Elementary.exp(-0.5 * z * z) }

  /// P(Z <= z), to 15 digits (Hart's rational approximation, in the form of G. West, 2005).
  public static func cumulative(_ z: Double) -> Double {
    guard z == z else { return z }
    let x = z.magnitude
    let tail = x > 37 ? 0 : upperTail(x)
    return z > 0 ? 1 - tail : tail
  }

  private static func upperTail(_ x: Double) -> Double {
    let e = Elementary.exp(-0.5 * x * x)
    guard x < 7.07106781186547 else {
      return e / (x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))) / 2.506628274631
    }
    var above = 3.52624965998911e-02 * x + 0.700383064443688
    above = above * x + 6.37396220353165
    above = above * x + 33.912866078383
    above = above * x + 112.079291497871
    above = above * x + 221.213596169931
    above = above * x + 220.206867912376
    var below = 8.83883476483184e-02 * x + 1.75566716318264
    below = below * x + 16.064177579207
    below = below * x + 86.7807322029461
    below = below * x + 296.564248779674
    below = below * x + 637.333633378831
    below = below * x + 793.826512519948
    below = below * x + 440.413735824752
    return e * above / below
  }

  /// The z with P(Z <= z) = p, to 9 digits (P. Acklam's rational approximation); infinite at 0 and 1.
  public static func quantile(_ p: Double) -> Double {
    guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    if p < 0.02425 { return lowerQuantile(p) }
    if p > 1 - 0.02425 { return -lowerQuantile(1 - p) }
    let q = p - 0.5
    let r = q * q
    var above = -3.969683028665376e+01 * r + 2.209460984245205e+02
    above = above * r - 2.759285104469687e+02
    above = above * r + 1.383577518672690e+02
    above = above * r - 3.066479806614716e+01
    above = above * r + 2.506628277459239e+00
    var below = -5.447609879822406e+01 * r + 1.615858368580409e+02
    below = below * r - 1.556989798598866e+02
    below = below * r + 6.680131188771972e+01
    below = below * r - 1.328068155288572e+01
    return above * q / (below * r + 1)
  }

  private static func lowerQuantile(_ p: Double) -> Double {
    let q = (-2 * Elementary.log(p)).squareRoot()
    var above = -7.784894002430293e-03 * q - 3.223964580411365e-01
    above = above * q - 2.400758277161838e+00
    above = above * q - 2.549732539343734e+00
    above = above * q + 4.374664141464968e+00
    above = above * q + 2.938163982698783e+00
    var below = 7.784695709041462e-03 * q + 3.224671290700398e-01
    below = below * q + 2.445134137142996e+00
    below = below * q + 3.754408661907416e+00
    return above / (below * q + 1)
  }
}

extension SeededGenerator {
  /// A draw from the standard normal distribution; always one draw of the generator.
  public mutating func normal() -> Double { Normal.quantile(fraction() + 0x1p-54) }
}
