import AttuneModel
import Learning
import Testing

@Suite struct HindsightBoundTests {
  /// Every allocation there is, by counts so far: the linear program has whole solutions, so this is its optimum.
  private func optimum(_ problem: QuotaProblem) -> Double {
    let copies = problem.quotas.copies
    var best: [[Int]: Double] = [[Int](repeating: 0, count: copies): 0]
    for row in 0..<problem.rows {
      var next = best
      let values = problem.values(of: row)
      for (used, value) in best {
        for copy in 0..<copies {
          var counts = used
          counts[copy] += 1
          if counts[copy] > problem.quotas.maximum[copy] ?? .max { continue }
          next[counts] = max(next[counts] ?? -.infinity, value + values[copy])
        }
      }
      best = next
    }
    let whole = best.filter { used, _ in
      problem.violations(used.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }).isEmpty
    }
    return whole.values.max() ?? -.infinity
  }

  @Test(arguments: 1...6) func isTheOptimumOfEveryAllocation(_ seed: Int) throws {
    let problem = try QuotaProblem(seed: UInt64(seed), rows: 12, copies: 3)
    let exact = optimum(problem)
    let bound = HindsightBound(values: problem.values, quotas: problem.quotas).value
    #expect(bound >= exact - 1e-6, "seed \(seed): \(bound) is below \(exact)")
    #expect(bound <= exact * 1.005 + 0.001, "seed \(seed): \(bound) is far above \(exact)")
  }

  @Test func pricesAreWhatOneMoreUnitWouldEarn() throws {
    let problem = try QuotaProblem(seed: 5, rows: 600, copies: 3)
    let bound = HindsightBound(values: problem.values, quotas: problem.quotas)
    func with(budget: Int) throws -> Double {
      let quotas = try Quotas(
        rounds: problem.rows, copies: 3, maximum: problem.quotas.maximum, minimum: problem.quotas.minimum,
        channels: problem.quotas.channels, channelMaximum: problem.quotas.channelMaximum, budget: budget)
      return HindsightBound(values: problem.values, quotas: quotas).value
    }
    let budget = try #require(problem.quotas.budget)
    let earned = try (with(budget: budget + 10) - with(budget: budget - 10)) / 20
    #expect(earned > 0.01, "the budget binds in this problem")
    #expect(abs(bound.prices[.budget] - earned) < 0.2 * earned)
  }

  /// With many quotas their curvature is not written out; copies that nobody may get change nothing.
  @Test(arguments: 1...3) func manyQuotasAreNoOtherProblem(_ seed: Int) throws {
    let few = try QuotaProblem(seed: UInt64(seed), rows: 800, copies: 4)
    let more = 60
    let values = (0..<few.rows).flatMap { row in
      few.values(of: row).map(Float.init) + [Float](repeating: -1, count: more)
    }
    let quotas = try Quotas(
      rounds: few.rows, copies: 4 + more, maximum: few.quotas.maximum + Array(repeating: 3, count: more),
      minimum: few.quotas.minimum + Array(repeating: 0, count: more),
      channels: few.quotas.channels + Array(repeating: nil, count: more),
      channelMaximum: few.quotas.channelMaximum, budget: few.quotas.budget)
    let bound = HindsightBound(values: few.values, quotas: few.quotas).value
    let same = HindsightBound(values: values, quotas: quotas).value
    #expect(abs(bound - same) < 0.002 * bound, "seed \(seed): \(bound) \(same)")
  }

  @Test func whatCannotBeChosenIsNotCounted() throws {
    let quotas = try Quotas(rounds: 3, copies: 2, budget: 2)
    let values: [Float] = [.nan, 0.5, .infinity, -.infinity, 0.25, -1, 0.7]
    let bound = HindsightBound(values: values, quotas: quotas).value
    #expect(abs(bound - 0.75) < 0.001, "\(bound)")
    #expect(HindsightBound(values: [], quotas: quotas).value == 0)
    #expect(HindsightBound(values: [Float](repeating: -1, count: 6), quotas: quotas).value == 0)
  }
}
