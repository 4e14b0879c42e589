import AttuneModel
import Foundation
import Learning
import Testing

@Suite struct BetaTests {
  /// By adding up the density in a hundred thousand strips.
  private func slow(_ beta: Beta, _ x: Double) -> Double {
    let strips = 100_000
    let front = lgamma(beta.alpha + beta.beta) - lgamma(beta.alpha) - lgamma(beta.beta)
    var sum = 0.0
    for strip in 0..<strips {
      let y = (Double(strip) + 0.5) / Double(strips) * x
      sum += exp(front + (beta.alpha - 1) * log(y) + (beta.beta - 1) * log(1 - y))
    }
    return sum * x / Double(strips)
  }

  @Test(arguments: [(2.0, 3.0), (3, 97), (1, 1), (40, 2), (300, 12_000)])
  func cumulativeIsTheAreaBelow(alpha: Double, beta: Double) {
    let beta = Beta(alpha: alpha, beta: beta)
    let deviation = beta.variance.squareRoot()
    for step in -2...2 {
      let x = min(max(beta.mean + Double(step) * deviation, 0.001), 0.999)
      #expect(abs(beta.cumulative(x) - slow(beta, x)) < 1e-7, "\(beta) at \(x)")
    }
  }

  @Test func quantilesTurnItRound() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<300 {
      let beta = Beta(mean: 0.001 + 0.9 * random.fraction(), strength: exp(random.fraction() * 14))
      let p = 0.001 + 0.998 * random.fraction()
      let x = beta.quantile(p)
      #expect(abs(beta.cumulative(x) - p) < 1e-8, "seed 3: \(beta) at \(p) gives \(x)")
    }
  }

  /// Known in closed form.
  @Test func exactCases() {
    #expect(abs(Beta(alpha: 1, beta: 1).quantile(0.3) - 0.3) < 1e-12)
    #expect(abs(Beta(alpha: 2, beta: 1).cumulative(0.6) - 0.36) < 1e-12)
    let one = Beta(alpha: 1, beta: 30)
    #expect(abs(one.quantile(0.975) - (1 - pow(0.025, 1.0 / 30))) < 1e-12)
    for x in [0.5, 1, 1.5, 4, 9.99, 10, 1e3, 1e8] {
      #expect(abs(Beta.logGamma(x) - lgamma(x)) <= 1e-13 * max(1, lgamma(x)))
    }
  }

  @Test func intervalsHoldWhatTheySay() {
    let interval = Beta(mean: 0.03, strength: 5000).interval()
    #expect(abs(interval.lowerBound - 0.0254) < 2e-4 && abs(interval.upperBound - 0.0349) < 2e-4)
  }

  @Test func nothingTraps() {
    for bad in [Double.nan, -1, 0, .infinity, 1e300, 1e-300] {
      for other in [Double.nan, 0, 1, .infinity] {
        let beta = Beta(alpha: bad, beta: other)
        #expect(beta.alpha > 0 && beta.beta > 0 && beta.mean.isFinite && beta.variance.isFinite)
        let interval = beta.interval()
        #expect(interval.lowerBound >= 0 && interval.upperBound <= 1)
      }
    }
    #expect(Beta(alpha: 1, beta: 2).quantile(.nan).isNaN && Beta(alpha: 1, beta: 2).cumulative(.nan).isNaN)
    #expect(Beta(alpha: 1, beta: 2).quantile(0) == 0 && Beta(alpha: 1, beta: 2).quantile(1) == 1)
  }
}
