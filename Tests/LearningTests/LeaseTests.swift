import AttuneModel
import Learning
import Testing

/// Hard quotas hold by construction: whoever decides when, whatever they choose.
@Suite struct LeaseTests {
  private func sum(_ parts: [Allowance], _ of: (Allowance) -> Int) -> Int { parts.reduce(0) { $0 + of($1) } }

  @Test(arguments: 1...12) func whatIsSplitAndSpentNeverExceedsWhatThereWas(_ seed: Int) throws {
    let problem = try QuotaProblem(seed: UInt64(seed), rows: 400, copies: 1 + seed % 6)
    var generator = SeededGenerator(seed: UInt64(seed) &* 77)
    var whole = Allowance(problem.quotas)
    var out: [Allowance] = []
    var sends: [Int?] = []
    for turn in 0..<30 {
      // Leases of several splits are out at the same time, and come back in any order.
      let pending = (0..<(1 + Int(generator.next() % 9))).map { _ in Int(generator.next() % 20) }
      out += whole.split(pending: pending, turn: turn)
      for index in out.indices {
        for _ in 0..<(generator.next() % 4) {
          let copy = generator.next() % 4 == 0 ? nil : Int(generator.next() % UInt64(problem.quotas.copies))
          if out[index].spend(copy) { sends.append(copy) } else { sends.append(nil) }
        }
      }
      let back = Int(generator.next() % UInt64(out.count + 1))
      for _ in 0..<back { whole.join(out.remove(at: Int(generator.next() % UInt64(out.count)))) }
      let all = out + [whole]
      let used = (0..<problem.quotas.copies).map { copy in sends.reduce(0) { $1 == copy ? $0 + 1 : $0 } }
      for copy in used.indices {
        #expect(sum(all) { $0.maximum[copy] ?? 0 } + used[copy] == problem.quotas.maximum[copy], "seed \(seed)")
        // One may send more of it than it owed, while others owe it still.
        let owed = sum(all) { $0.minimum[copy] }
        #expect(owed <= problem.quotas.minimum[copy], "seed \(seed)")
        #expect(owed + used[copy] >= problem.quotas.minimum[copy], "seed \(seed)")
      }
      #expect(sum(all) { $0.budget ?? 0 } + used.reduce(0, +) == problem.quotas.budget, "seed \(seed)")
      #expect(all.allSatisfy { $0.maximum.allSatisfy { $0 ?? 0 >= 0 } && $0.budget ?? 0 >= 0 }, "seed \(seed)")
      #expect(!problem.violations(sends).contains { !$0.hasPrefix("minimum") }, "seed \(seed)")
    }
  }

  /// Deciders that send what is worst for the quotas wherever they may still keep them.
  @Test(arguments: 1...10) func whatIsOwedIsSent(_ seed: Int) throws {
    let problem = try QuotaProblem(seed: UInt64(seed), rows: 150, copies: 2 + seed % 4)
    var generator = SeededGenerator(seed: UInt64(seed) &* 31)
    var whole = Allowance(problem.quotas)
    var sends: [Int?] = []
    while sends.count < problem.rows {
      var pending = (0..<8).map { _ in Int(generator.next() % 6) }
      var over = sends.count + pending.reduce(0, +) - problem.rows
      for index in pending.indices where over > 0 {
        let less = min(over, pending[index])
        pending[index] -= less
        over -= less
      }
      var parts = whole.split(pending: pending, turn: sends.count)
      for (index, count) in pending.enumerated() {
        for _ in 0..<count {
          let options = parts[index].options
          let open = options.copies.indices.filter { options.copies[$0] }
          // Holds whenever it may; else takes any.
          let copy = options.mayHold && generator.next() % 3 > 0 ? nil : open.first
          let isSent = parts[index].spend(copy)
          #expect(isSent, "seed \(seed)")
          sends.append(copy)
        }
      }
      for part in parts { whole.join(part) }
    }
    #expect(problem.violations(sends).isEmpty, "seed \(seed): \(problem.violations(sends))")
  }

  @Test func theLastUnitHasOneOwner() throws {
    var whole = Allowance(try Quotas(rounds: 640, copies: 1, budget: 1))
    let parts = whole.split(pending: Array(repeating: 10, count: 64), turn: 3)
    #expect(parts.filter { $0.options.copies[0] }.count == 1)
    #expect(whole.budget == 0 && whole.rounds == 0)
    for part in parts { whole.join(part) }
    #expect(whole.budget == 1 && whole.rounds == 640)
  }

  @Test func absurdNumbersDoNoHarm() throws {
    var whole = Allowance(try Quotas(rounds: Quotas.limit, copies: 2, maximum: [Quotas.limit, nil]))
    let none = whole.split(pending: [])
    #expect(none.isEmpty)
    let parts = whole.split(pending: [.max, -5, 0, .max], turn: .min)
    #expect(parts.reduce(0) { $0 + ($1.maximum[0] ?? 0) } == Quotas.limit)
    let odd = [7, -1].map { whole.spend($0) }
    #expect(odd == [false, false])
  }

  @Test func aWithdrawnCopyStaysWithdrawnWhenLeasesReturn() throws {
    var allocator = Allocator(try Quotas(rounds: 100, copies: 2, maximum: [50, 50], minimum: [10, 0]))
    let leases = allocator.lease(pending: [10, 10])
    allocator.withdraw(copy: 0)
    allocator.settle(leases)
    #expect(!allocator.options.copies[0] && allocator.allowance.owed == 0)
  }
}
