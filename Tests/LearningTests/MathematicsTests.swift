import AttuneModel
import Foundation
import Learning
import Testing

/// Our elementary functions beside the system's.
@Suite struct MathematicsTests {
  private func units(_ ours: Double, _ theirs: Double) -> Double {
    abs(ours - theirs) / max(theirs.ulp, .leastNormalMagnitude)
  }

  @Test func exponentialsAndLogarithmsAreTheSystemsToTwoUnits() {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<20_000 {
      let x = (generator.fraction() - 0.5) * 1_400
      #expect(units(Elementary.exp(x), exp(x)) <= 2, "exp \(x)")
      let small = (generator.fraction() - 0.5) * 4
      #expect(units(Elementary.exp(small), exp(small)) <= 2, "exp \(small)")
      let y = exp(x)
      #expect(units(Elementary.log(y), log(y)) <= 2, "log \(y)")
      let near = 1 + small / 16
      #expect(units(Elementary.log(near), log(near)) <= 2, "log \(near)")
    }
  }

  @Test func theEndsOfTheRangeAreDefined() {
    #expect(Elementary.exp(1e300) == .infinity)
    #expect(Elementary.exp(-1e300) == 0)
    #expect(Elementary.exp(.nan).isNaN && Elementary.log(.nan).isNaN && Elementary.log(-1).isNaN)
    #expect(Elementary.log(0) == -.infinity && Elementary.log(.infinity) == .infinity)
    #expect(abs(Elementary.exp(-740) - exp(-740)) <= 2 * Double.leastNonzeroMagnitude)
    #expect(units(Elementary.log(Double.leastNonzeroMagnitude), log(Double.leastNonzeroMagnitude)) <= 2)
    #expect(Elementary.sigmoid(-1e9) == 0 && Elementary.sigmoid(1e9) == 1 && Elementary.sigmoid(0) == 0.5)
    #expect(Normal.quantile(0) == -.infinity && Normal.quantile(1) == .infinity && Normal.quantile(-1).isNaN)
  }

  @Test func theNormalDistributionIsTheSystemsErrorFunction() {
    for step in -800...800 {
      let z = Double(step) / 100
      let theirs = 0.5 * erfc(-z / 2.0.squareRoot())
      #expect(abs(Normal.cumulative(z) - theirs) <= 1e-14 + 1e-12 * theirs, "\(z)")
      if abs(z) < 6 { #expect(abs(Normal.quantile(theirs) - z) < 1e-7 * max(1, abs(z)), "\(z)") }
    }
  }

  @Test func drawsAreStandardNormal() {
    var generator = SeededGenerator(seed: 7)
    let draws = (0..<100_000).map { _ in generator.normal() }
    let mean = draws.reduce(0, +) / 100_000
    let variance = draws.reduce(0) { $0 + $1 * $1 } / 100_000
    #expect(abs(mean) < 0.015 && abs(variance - 1) < 0.03)
    let finite = draws.allSatisfy(\.isFinite)
    #expect(finite)
  }
}
