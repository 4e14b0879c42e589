import AttuneModel
import Learning
import Testing

@Suite struct AllocatorTests {
  private func run(_ problem: QuotaProblem, forecast: Forecast? = nil) -> [Int?] {
    var allocator = Allocator(problem.quotas, forecast: forecast)
    return (0..<problem.rows).map { row in
      let values = problem.values(of: row)
      let copy = allocator.choose(values)
      let isSent = allocator.observe(values, sent: copy)
      #expect(isSent)
      return copy
    }
  }

  private func ratio(_ problem: QuotaProblem, _ sends: [Int?]) -> Double {
    problem.value(sends) / HindsightBound(values: problem.values, quotas: problem.quotas).value
  }

  @Test(arguments: 1...3) func comesNearTheBoundAndKeepsTheQuotas(_ seed: Int) throws {
    let problem = try QuotaProblem(seed: UInt64(seed), rows: 600, copies: 4)
    let sends = run(problem)
    #expect(problem.violations(sends).isEmpty, "seed \(seed)")
    #expect(ratio(problem, sends) > 0.945, "seed \(seed): \(ratio(problem, sends))")
  }

  @Test(arguments: 1...2) func leasesCostLittle(_ seed: Int) throws {
    let problem = try QuotaProblem(seed: UInt64(seed), rows: 600, copies: 4)
    var allocator = Allocator(problem.quotas)
    var sends: [Int?] = []
    while sends.count < problem.rows {
      let step = sends.count..<min(problem.rows, sends.count + allocator.step)
      var leases = allocator.lease(pending: (0..<4).map { part in step.count { $0 % 4 == part } })
      for row in step {
        let values = problem.values(of: row)
        let copy = leases[row % 4].choose(values)
        let isSent = leases[row % 4].observe(values, sent: copy)
        #expect(isSent)
        sends.append(copy)
      }
      // Whatever is on its way can be written down.
      allocator.settle(try leases.map { try Lease(decoding: $0.encoded()) })
    }
    #expect(problem.violations(sends).isEmpty, "seed \(seed)")
    #expect(ratio(problem, sends) > 0.94, "seed \(seed): \(ratio(problem, sends))")
  }

  /// Values that swing with the day, and what the day before says of them.
  @Test func aForecastHelpsAndAWrongOneDoesNoHarm() throws {
    let rows = 1000
    func day(_ seed: UInt64, _ morning: Float, _ evening: Float) throws -> QuotaProblem {
      var problem = try QuotaProblem(seed: seed, rows: rows, copies: 2)
      problem.quotas = try Quotas(rounds: rows, copies: 2, budget: rows * 3 / 10)
      for index in problem.values.indices { problem.values[index] *= index < rows ? morning : evening }
      return problem
    }
    func forecast(_ problem: QuotaProblem) -> Forecast? {
      let bound = HindsightBound(values: problem.values, quotas: problem.quotas)
      let price = bound.prices[.budget]
      var sends = [[Int]](repeating: [0], count: 20)
      for row in 0..<rows where problem.values(of: row).max() ?? 0 > price { sends[row * 20 / rows][0] += 1 }
      return Forecast(prices: bound.prices, arrivals: [Int](repeating: rows / 20, count: 20), sends: sends)
    }
    let today = try day(11, 1, 2)
    let cold = ratio(today, run(today))
    let right = ratio(today, run(today, forecast: forecast(try day(12, 1, 2))))
    let wrong = ratio(today, run(today, forecast: forecast(try day(12, 2, 1))))
    #expect(right > 0.98 && right > cold + 0.02, "right \(right), cold \(cold)")
    #expect(wrong > cold - 0.01, "wrong \(wrong), cold \(cold)")
    let even = try day(11, 1, 1)
    let misled = ratio(even, run(even, forecast: forecast(try day(12, 2, 1))))
    #expect(misled > 0.96, "\(misled)")
  }

  @Test func bytesBringItBackAndItGoesOnTheSame() throws {
    let problem = try QuotaProblem(seed: 2, rows: 200, copies: 3)
    var allocator = Allocator(problem.quotas)
    for row in 0..<100 {
      let values = problem.values(of: row)
      allocator.observe(values, context: try Context([Double(row)]), sent: allocator.choose(values))
    }
    var other = try Allocator(decoding: allocator.encoded())
    #expect(other == allocator)
    for row in 100..<200 {
      let values = problem.values(of: row)
      let copy = allocator.choose(values)
      #expect(other.choose(values) == copy)
      allocator.observe(values, sent: copy)
      other.observe(values, sent: copy)
    }
    #expect(other == allocator)
    let bytes = allocator.encoded()
    for length in stride(from: 0, to: bytes.count, by: 997) {
      #expect(throws: BinaryError.self) { try Allocator(decoding: Array(bytes.prefix(length))) }
    }
  }

  @Test func beliefsOfNowSetThePrices() throws {
    var allocator = Allocator(try Quotas(rounds: 200, copies: 1, budget: 40))
    for index in 0..<100 {
      allocator.observe([0], context: try Context([Double(index % 10)]), sent: nil, worth: { _ in [0.2] })
    }
    let before = allocator.prices[.budget]
    for index in 0..<20 {
      // Half of the users are worth .8 now: as many as there is budget for.
      allocator.observe([0], context: try Context([Double(index % 10)]), sent: nil) { context in
        [context.dense[1] < 5 ? 0.4 : 0.8]
      }
    }
    #expect(before <= 0.2 + 0.01)
    #expect(allocator.prices[.budget] > 0.35 && allocator.prices[.budget] <= 0.8)
  }

  /// Arrivals that change in a way nobody foretold, decided a twelfth at a time: prices go by the latest, and go on moving.
  @Test func largeStepsDoNotFreezeThePrices() throws {
    let rounds = 2400
    var allocator = Allocator(try Quotas(rounds: rounds, copies: 1, budget: 800))
    var sent = 0
    var generator = SeededGenerator(seed: 4)
    for step in 0..<12 {
      var leases = allocator.lease(pending: [100, 100])
      for part in leases.indices {
        for _ in 0..<100 {
          // All that is worth much comes first.
          let value = generator.fraction() * (step < 4 ? 1 : 0.2)
          let copy = leases[part].choose([value])
          if leases[part].observe([value], sent: copy), copy != nil { sent += 1 }
        }
      }
      allocator.settle(leases)
    }
    #expect(sent > 720 && sent <= 800, "\(sent), by \(allocator.basis)")
  }

  @Test func whatIsNoNumberIsNeverSentAndPoisonsNothing() throws {
    let quotas = try Quotas(rounds: 400, copies: 3, maximum: [50, 50, 50], minimum: [0, 5, 0], budget: 100)
    var allocator = Allocator(quotas)
    let odd: [Double] = [.nan, .infinity, -.infinity, 1e300, -1e300, 0, .leastNonzeroMagnitude, 0.1]
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<400 {
      let values = (0..<(generator.next() % 5)).map { _ in odd[Int(generator.next() % UInt64(odd.count))] }
      let copy = allocator.choose(values)
      if let copy { #expect(values[copy].isFinite) }
      allocator.observe(values, sent: copy)
      let finite = allocator.costs.allSatisfy(\.isFinite) && allocator.prices.entries.allSatisfy { $0.price.isFinite }
      #expect(finite)
    }
  }

  @Test func manyCopiesOneCopyAndNoRoundsAreFine() throws {
    var many = try QuotaProblem(seed: 1, rows: 40, copies: 2)
    many.values = (0..<40 * 200).map { Float($0 % 7) }
    many.quotas = try Quotas(
      rounds: 40, copies: 200, maximum: Array(repeating: 1, count: 200), minimum: Array(repeating: 0, count: 200),
      budget: 20)
    #expect(many.violations(run(many)).isEmpty)
    var none = Allocator(try Quotas(rounds: 0, copies: 1))
    #expect(none.choose([0.1]) == 0)
    none.observe([0.1], sent: 0)
    none.settle(none.lease(pending: [3]))
    var single = Allocator(try Quotas(rounds: 50, copies: 1, minimum: [50]))
    for _ in 0..<50 {
      #expect(single.choose([0]) == 0)
      single.observe([0], sent: 0)
    }
    #expect(single.allowance.owed == 0)
  }
}
