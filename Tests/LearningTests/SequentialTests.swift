import AttuneModel
import Learning
import Testing

@Suite struct MomentsTests {
  @Test(arguments: [1, 2, 3] as [UInt64]) func theyAreThoseOfAllNumbersHoweverMerged(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let numbers = (0..<500).map { _ in 1e6 + generator.normal() }
    var parts = [Moments](repeating: Moments(), count: 7)
    for number in numbers { parts[Int(generator.next() % 7)].add(number) }
    let all = parts.reduce(into: Moments()) { $0.merge($1) }
    let mean = numbers.reduce(0, +) / 500
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 499
    #expect(all.count == 500 && abs(all.mean - mean) < 1e-6 && abs(all.variance - variance) < 1e-6, "seed \(seed)")
    #expect(try Moments(decoding: all.encoded()) == all)
  }

  @Test func onesAndZerosAreCounted() {
    var added = Moments()
    for index in 0..<40 { added.add(index % 8 == 0 ? 1 : 0) }
    let counted = Moments(successes: 5, trials: 40)
    #expect(added.count == counted.count && abs(added.mean - counted.mean) < 1e-15)
    #expect(abs(added.variance - counted.variance) < 1e-15)
  }

  @Test func nothingPoisonsThem() {
    var moments = Moments(successes: 9, trials: -3)
    #expect(moments == Moments() && moments.varianceOfMean == .infinity)
    for value in [Double.nan, .infinity, -.infinity] { moments.add(value) }
    moments.merge(Moments())
    #expect(moments == Moments())
    #expect(Moments(successes: 9, trials: 3).mean == 1 && Moments(successes: -1, trials: 3).mean == 0)
    #expect(throws: BinaryError.self) { try Moments(decoding: [2] + [UInt8](repeating: 0xFF, count: 16)) }
  }
}

@Suite struct ConfidenceSequenceTests {
  private struct Count {
    var trials = 0
    var successes = 0
    var moments: Moments { Moments(successes: successes, trials: trials) }

    /// Of a batch, by the normal approximation; small batches one by one.
    mutating func add(_ batch: Int, rate: Double, _ generator: inout SeededGenerator) {
      trials += batch
      for _ in 0..<batch where generator.fraction() < rate { successes += 1 }
    }
  }

  /// The share of null experiments in which any of `looks` looks finds a lift where there is none.
  private func falseAlarms(
    looks: Int, treating: Int, holding: Int, rate: Double, seed: UInt64
  ) -> (naive: Double, ours: Double) {
    var generator = SeededGenerator(seed: seed)
    let sequence = ConfidenceSequence(expected: looks * (treating + holding))
    var (naive, ours) = (0, 0)
    let runs = 400
    for _ in 0..<runs {
      var (treated, held) = (Count(), Count())
      var (naiveAlarm, ourAlarm) = (false, false)
      for _ in 0..<looks {
        treated.add(treating, rate: rate, &generator)
        held.add(holding, rate: rate, &generator)
        let (a, b) = (treated.moments, held.moments)
        naiveAlarm = naiveAlarm || abs(a.mean - b.mean) > 1.96 * (a.varianceOfMean + b.varianceOfMean).squareRoot()
        ourAlarm = ourAlarm || sequence.lift(of: a, over: b).isSignificant
      }
      naive += naiveAlarm ? 1 : 0
      ours += ourAlarm ? 1 : 0
    }
    return (Double(naive) / Double(runs), Double(ours) / Double(runs))
  }

  @Test func twentyLooksCryWolfAQuarterOfTheTimeNaivelyAndHardlyEverHere() {
    let alarms = falseAlarms(looks: 20, treating: 100, holding: 100, rate: 0.2, seed: 11)
    #expect(alarms.naive > 0.18 && alarms.naive < 0.32, "\(alarms)")
    #expect(alarms.ours <= 0.05, "\(alarms)")
  }

  /// Rare clicks and a small holdout, looked at from the first users on: the hardest.
  @Test(arguments: [(0.002, 10, 10), (0.02, 10, 10), (0.01, 19, 1)])
  func rareClicksLookedAtAllTheTime(rate: Double, treating: Int, holding: Int) {
    let alarms = falseAlarms(looks: 200, treating: treating, holding: holding, rate: rate, seed: 12)
    #expect(alarms.ours <= 0.05, "\(alarms)")
  }

  @Test(arguments: [0.5, 0.01, 0.002]) func theMeanIsHeldAtEveryLook(rate: Double) {
    var generator = SeededGenerator(seed: 13)
    let sequence = ConfidenceSequence(expected: 2_000)
    var misses = 0
    for _ in 0..<200 {
      var seen = Count()
      var missed = false
      for _ in 0..<200 {
        seen.add(10, rate: rate, &generator)
        missed = missed || !sequence.mean(of: seen.moments).contains(rate)
      }
      misses += missed ? 1 : 0
    }
    #expect(misses <= 10, "\(misses) of 200")
  }

  @Test func itFindsALiftThatIsThere() {
    let sequence = ConfidenceSequence(expected: 20_000)
    let lift = sequence.lift(
      of: Moments(successes: 600, trials: 10_000), over: Moments(successes: 450, trials: 10_000))
    #expect(lift.low > 0 && lift.estimate == 0.06 - 0.045)
  }

  /// The formula as it is written, and its narrowest place.
  @Test func theHalfWidthIsTheFormula() {
    let sequence = ConfidenceSequence(alpha: 0.05, expected: 1_000)
    let (t, r2) = (1_000.0, sequence.r * sequence.r)
    let inside = (t * r2 + 1).squareRoot() / 0.05
    let factor = (2 * (t * r2 + 1) / (t * t * r2) * Elementary.log(inside)).squareRoot()
    let interval = sequence.mean(of: Moments(successes: 301, trials: 1_000))
    // At its ends the distance is the half-width of the formula, with the spread of a rate there.
    for end in [interval.low, interval.high] {
      #expect(abs(abs(end - 0.301) - (end * (1 - end)).squareRoot() * factor) < 1e-12)
    }
    #expect(abs(sequence.standardErrors(at: 1_000) - 2.9) < 0.15)
    for other in [250, 4_000] {
      let there = ConfidenceSequence(expected: other).standardErrors(at: 1_000)
      #expect(there > sequence.standardErrors(at: 1_000))
    }
  }

  @Test func nothingSeenIsNothingKnown() {
    let sequence = ConfidenceSequence(alpha: .nan, expected: .min)
    #expect(sequence.alpha == 0.05 && sequence.r.isFinite)
    #expect(sequence.mean(of: Moments()) == .unknown && !Interval.unknown.isSignificant)
    #expect(sequence.lift(of: Moments(successes: 1, trials: 1), over: Moments()) == .unknown)
    #expect(sequence.mean(of: Moments(successes: 0, trials: 1)).high > 0.8)
    let none = sequence.mean(of: Moments(successes: 0, trials: 1_000))
    #expect(none.low == 0 && none.high > 0.001, "a run of zeros is no proof")
    _ = sequence.lift(of: Moments(successes: .max, trials: .max), over: Moments(successes: 0, trials: .max))
  }
}

@Suite struct HarmGuardTests {
  private func seen(optOuts: Int, of reached: Int, clicks: Int = 0, held: Int = 0) -> HarmGuard.Seen {
    HarmGuard.Seen(
      optOuts: Moments(successes: optOuts, trials: reached), treated: Moments(successes: clicks, trials: reached),
      held: Moments(successes: held, trials: reached))
  }

  @Test func itStopsWhenHarmIsSure() throws {
    let guarding = HarmGuard(.init(optOuts: 0.005, lift: -0.002), expected: 10_000)
    #expect(guarding.harm(in: seen(optOuts: 60, of: 10_000)) == nil, "a little above the bound is no proof")
    let harm = try #require(guarding.harm(in: seen(optOuts: 120, of: 10_000)))
    #expect(harm.code == .optOuts && harm.bound == 0.005)
    #expect("\(harm)".hasPrefix("opt-outs are 1.20% of the users reached, at least 0.8"), "\(harm)")
    let loss = try #require(guarding.harm(in: seen(optOuts: 0, of: 10_000, clicks: 500, held: 700)))
    #expect(loss.code == .lift && "\(loss)".hasPrefix("the lift is -2.00%, at most -"), "\(loss)")
    #expect(HarmGuard(.init(), expected: 100).harm(in: seen(optOuts: 100, of: 100)) == nil, "nothing watched")
  }

  @Test func atTheBoundItHardlyEverStops() {
    var generator = SeededGenerator(seed: 14)
    let guarding = HarmGuard(.init(optOuts: 0.01, lift: 0), expected: 4_000)
    var stops = 0
    for _ in 0..<200 {
      var (optOuts, clicks, held) = (0, 0, 0)
      for look in 1...40 {
        for _ in 0..<50 {
          optOuts += generator.fraction() < 0.01 ? 1 : 0
          clicks += generator.fraction() < 0.05 ? 1 : 0
          held += generator.fraction() < 0.05 ? 1 : 0
        }
        if guarding.harm(in: seen(optOuts: optOuts, of: look * 50, clicks: clicks, held: held)) != nil {
          stops += 1
          break
        }
      }
    }
    #expect(stops <= 10, "\(stops) of 200")
  }
}

@Suite struct SlicesTests {
  private static func counts(_ campaign: String) throws -> [Slices.Slice: Int] {
    let slices = try #require(Slices(campaign: campaign, holdout: 0.1, random: 0.05))
    return (0..<20_000).reduce(into: [:]) { $0[slices.slice(of: "user-\($1)"), default: 0] += 1 }
  }

  @Test(arguments: ["spring", "autumn", "春节"]) func sharesAreKept(campaign: String) throws {
    let counts = try Self.counts(campaign)
    #expect(abs((counts[.holdout] ?? 0) - 2_000) < 170, "\(counts)")
    #expect(abs((counts[.random] ?? 0) - 1_000) < 125, "\(counts)")
  }

  /// Four standard deviations: being held out of one campaign says nothing about another.
  @Test(arguments: [("spring", "autumn"), ("a", "b"), ("c1", "c2"), ("x", "xx")])
  func campaignsAreIndependent(_ a: String, _ b: String) throws {
    let first = try #require(Slices(campaign: a, holdout: 0.1, random: 0.5))
    let second = try #require(Slices(campaign: b, holdout: 0.1, random: 0.5))
    let both = (0..<40_000).filter { first.slice(of: "\($0)") == .holdout && second.slice(of: "\($0)") == .holdout }
    #expect(abs(both.count - 400) < 80, "\(both.count)")
  }

  @Test func whoIsInStaysInAsSharesGrow() throws {
    let small = try #require(Slices(campaign: "c", holdout: 0.1, random: 0.1))
    let large = try #require(Slices(campaign: "c", holdout: 0.3, random: 0.2))
    for user in 0..<2_000 {
      let slice = small.slice(of: "\(user)")
      #expect(slice == .learned || large.slice(of: "\(user)") == slice)
    }
  }

  /// The same on every machine, and from one version to the next.
  @Test func assignmentsAreFixed() throws {
    let slices = try #require(Slices(campaign: "spring", holdout: 0.3, random: 0.3))
    let letters = (0..<24).map { slices.slice(of: "u\($0)").rawValue.prefix(1) }.joined()
    #expect(letters == "lhlrhhhhrrlllllrrhrrlrlr")
  }

  @Test func sharesThatAreNone() {
    for (holdout, random) in [(-0.1, 0), (0, -0.1), (0.6, 0.5), (.nan, 0), (0, .nan), (.infinity, 0)] {
      #expect(Slices(campaign: "c", holdout: holdout, random: random) == nil)
    }
    #expect(Slices(campaign: "", holdout: 1, random: 0)?.slice(of: "") == .holdout)
    #expect(Slices(campaign: "", holdout: 0, random: 0)?.slice(of: "") == .learned)
    #expect(Slices(campaign: "", holdout: 0, random: 1)?.slice(of: "") == .random)
  }
}
