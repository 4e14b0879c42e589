import Learning
import Testing

/// The optimum that an LP solver (HiGHS) found; `scripts/hindsight-golden` remakes the values.
@Suite struct HindsightGoldenTests {
  private static let small: [(seed: UInt64, rows: Int, copies: Int, optimum: Double)] = [
    (1, 300, 4, 6.787825405597687), (2, 300, 4, 27.935744524002075), (3, 300, 4, 15.90047761797905),
    (4, 300, 4, 16.249258413910866), (5, 300, 4, 29.87643325328827), (6, 300, 4, 14.627252504229546),
    (7, 300, 4, 7.469740077853203), (8, 300, 4, 16.035228088498116), (9, 2000, 12, 416.8840403556824),
    (10, 100_000, 5, 6144.355280280113),
  ]

  @Test(arguments: small) func isTheLinearProgramsOptimum(
    _ golden: (seed: UInt64, rows: Int, copies: Int, optimum: Double)
  ) throws {
    let problem = try QuotaProblem(seed: golden.seed, rows: golden.rows, copies: golden.copies)
    let bound = HindsightBound(values: problem.values, quotas: problem.quotas).value
    #expect(bound >= golden.optimum * (1 - 1e-9), "seed \(golden.seed)")
    #expect(bound <= golden.optimum * 1.0005, "seed \(golden.seed): \(bound), not \(golden.optimum)")
  }
}
