import AttuneModel
import Learning
import Materials
import Testing

/// A library drawn from a known spread: what is fitted has to be near it, and what is shrunk to be better for it.
@Suite struct RateSpreadTests {
  private struct Drawn {
    var rates: [Double] = []
    var counts: [(successes: Int, trials: Int)] = []

    init(_ count: Int, from truth: Beta, trials: ClosedRange<Int>, seed: UInt64) {
      var random = SeededGenerator(seed: seed)
      for _ in 0..<count {
        let rate = truth.quantile(0.0005 + 0.999 * random.fraction())
        let sends = Int.random(in: trials, using: &random)
        rates.append(rate)
        counts.append(((0..<sends).count { _ in random.fraction() < rate }, sends))
      }
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func findsTheSpread(seed: UInt64) {
    let truth = Beta(mean: 0.05, strength: 100)
    let drawn = Drawn(150, from: truth, trials: 20...800, seed: seed)
    let spread = RateSpread(drawn.counts, believing: .clicks)
    #expect(abs(spread.prior.mean - 0.05) < 0.008, "seed \(seed): \(spread)")
    #expect((50...200).contains(spread.prior.strength), "seed \(seed): \(spread.prior.strength)")
    var (raw, shrunk, held) = (0.0, 0.0, 0)
    for (rate, count) in zip(drawn.rates, drawn.counts) {
      let posterior = spread.posterior(successes: count.successes, trials: count.trials)
      raw +=
        (Double(count.successes) / Double(count.trials) - rate)
        * (Double(count.successes) / Double(count.trials) - rate)
      shrunk += (posterior.mean - rate) * (posterior.mean - rate)
      if posterior.interval().contains(rate) { held += 1 }
    }
    #expect(shrunk < raw * 0.8, "seed \(seed): shrinking does not help")
    #expect((134...149).contains(held), "seed \(seed): \(held) of 150 within their 95%")
  }

  @Test func copiesThatDoNotDifferAreTakenTogether() {
    let drawn = Drawn(100, from: Beta(mean: 0.04, strength: 1e7), trials: 900...1000, seed: 5)
    let spread = RateSpread(drawn.counts, believing: .clicks)
    #expect(spread.prior.strength > 2000, "\(spread.prior.strength)")
  }

  /// One copy tells nothing of how copies differ, so a second one must not be thought to be like it.
  @Test func fewCopiesLeaveDoubt() {
    let none = RateSpread([], believing: .clicks).prior
    #expect(abs(none.mean - 0.03) < 1e-9 && (100...400).contains(none.strength))
    let one = RateSpread([(100, 1000)], believing: .clicks)
    #expect(one.prior.mean > 0.03 && one.prior.mean < 0.1)
    let interval = one.prior.interval()
    #expect(interval.upperBound / interval.lowerBound > 2, "\(interval)")
  }

  @Test func nothingTraps() {
    let odd: [[(successes: Int, trials: Int)]] = [
      [(0, 0)], [(5, 0)], [(5, 3)], [(-1, 4)], [(0, -4)], [(.max, .max), (0, .max)], [(0, 10), (0, 10)],
      [(9, 9), (9, 9)],
    ]
    for counts in odd {
      let spread = RateSpread(counts, believing: .optOuts)
      #expect(spread.prior.mean > 0 && spread.prior.mean < 1 && spread.prior.strength.isFinite, "\(counts)")
      for (successes, trials) in counts {
        let posterior = spread.posterior(successes: successes, trials: trials)
        #expect(posterior.mean > 0 && posterior.mean < 1)
      }
    }
  }
}
