/// Elementary functions of our own: made of IEEE operations alone, they give the same bits on every machine, which replay
/// needs and a system's library does not promise. Errors are below 2 units in the last place where tests say nothing else.
public enum Elementary {
  /// e to the `x`; 0 and infinity where it leaves the range, NaN for NaN.
  @inlinable public static func exp(_ x: Double) -> Double {
    if x > 709.782712893384 { return .infinity }
    if x < -745.2 { return 0 }
    guard x == x else { return x }
    // The nearest whole number: adding and taking away 1.5 * 2^52 rounds, without a call.
    let k = (x * 1.4426950408889634 + 0x1.8p52) - 0x1.8p52
    // ln 2 in two parts, the first with zeros at its end: k times it is exact.
    let r = (x - k * 0x1.62e42feep-1) - k * 1.908214929270587700e-10
    var sum = 1.0 / 6_227_020_800
    sum = sum * r + 1.0 / 479_001_600
    sum = sum * r + 1.0 / 39_916_800
    sum = sum * r + 1.0 / 3_628_800
    sum = sum * r + 1.0 / 362_880
    sum = sum * r + 1.0 / 40_320
    sum = sum * r + 1.0 / 5_040
    sum = sum * r + 1.0 / 720
    sum = sum * r + 1.0 / 120
    sum = sum * r + 1.0 / 24
    sum = sum * r + 1.0 / 6
    sum = sum * r + 0.5
    let value = 1 + (r + r * r * sum)
    // In two steps: 2 to the k alone may be below the least normal number.
    let half = Int(k) / 2
    return value * power(of2: half) * power(of2: Int(k) - half)
  }

  /// The natural logarithm; -infinity for 0, NaN below.
  @inlinable public static func log(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x < .infinity else { return .infinity }
    var m = x.significand
    var k = Double(x.exponent)
    if m > 1.4142135623730951 {
      m *= 0.5
      k += 1
    }
    let s = (m - 1) / (m + 1)
    let s2 = s * s
    var sum = 1.0 / 23
    sum = sum * s2 + 1.0 / 21
    sum = sum * s2 + 1.0 / 19
    sum = sum * s2 + 1.0 / 17
    sum = sum * s2 + 1.0 / 15
    sum = sum * s2 + 1.0 / 13
    sum = sum * s2 + 1.0 / 11
    sum = sum * s2 + 1.0 / 9
    sum = sum * s2 + 1.0 / 7
    sum = sum * s2 + 1.0 / 5
    sum = sum * s2 + 1.0 / 3
    return k * 0x1.62e42feep-1 + (2 * s + (2 * s * s2 * sum + k * 1.908214929270587700e-10))
  }

  /// 1 / (1 + e^-z): the probability that a score `z` in log odds stands for.
  @inlinable public static func sigmoid(_ z: Double) -> Double {
    if z >= 0 { return 1 / (1 + exp(-z)) }
    let e = exp(z)
    return e / (1 + e)
  }

  /// The log odds of a probability in 0...1.
  @inlinable public static func logit(_ p: Double) -> Double { log(p / (1 - p)) }

  /// For exponents of normal numbers.
  @inlinable static func power(of2 exponent: Int) -> Double {
    Double(bitPattern: UInt64(truncatingIfNeeded: exponent + 1023) << 52)
  }
}
