import AttuneModel
import Testing

@testable import Learning

/// What is believed, and shown, before it is known how long clicks take.
@Suite struct FirstMinutesTests {
  private static let start = Instant(milliseconds: 1_700_000_000_000)

  struct Plan: Sendable, CustomTestStringConvertible {
    /// Of the delays, exponentially distributed.
    var mean: TimeSpan
    var waves: Int
    var testDescription: String { "\(mean), \(waves) waves" }
  }

  private struct Looks {
    var all = 0
    var early = 0
    var covering = 0
    /// How far beliefs were from the truth, as factors.
    var furthest = 1.0
  }

  static let plans = [5_000, 60_000, 1_200_000].flatMap { (mean: Int64) in
    [1, 30].map { Plan(mean: TimeSpan(milliseconds: mean), waves: $0) }
  }

  /// Looks at a campaign of 3,000 messages from ten seconds after its first on.
  private func looks(_ plan: Plan, rate: Double, seed: UInt64) -> Looks {
    var feedback = DelayedFeedback<UInt64>(delays: ClickDelays(window: .hours(24)))
    var (generator, clicks, looks) = (SeededGenerator(seed: seed), DueQueue<UInt64>(), Looks())
    let context = Context(dimensions: 1)
    var learned = (clicked: 0.0, ignored: 0.0)
    func take(_ lesson: DelayedFeedback<UInt64>.Lesson) {
      switch lesson {
      case .clicked: learned.clicked += 1
      case .ignored: learned.ignored += 1
      case .retracted: learned.ignored -= 1
      }
    }
    func run(to now: Instant) {
      while let (id, due) = clicks.pop(by: now) {
        while let lesson = feedback.next(by: due) { take(lesson) }
        if case .learned(let lessons) = feedback.click(id, at: due) { lessons.forEach(take) }
      }
      while let lesson = feedback.next(by: now) { take(lesson) }
    }
    var sent: UInt64 = 0
    func wave(at now: Instant) {
      run(to: now)
      for _ in 0..<3000 / plan.waves {
        _ = feedback.send(sent, context, copy: 0, at: now, share: generator.fraction())
        if generator.fraction() < rate {
          let delay = -Double(plan.mean.milliseconds) * Elementary.log(1 - generator.fraction())
          clicks.push(sent, at: now + TimeSpan(milliseconds: Int64(delay)))
        }
        sent += 1
      }
    }
    for second in stride(from: Int64(0), through: 3600, by: 10) {
      let now = Self.start + .seconds(second)
      run(to: now)
      if second % 60 == 0, second / 60 < plan.waves { wave(at: now) }
      guard [10, 20, 30, 60, 90, 120, 180, 240, 300, 450, 600, 900, 1200, 1800, 2400, 3600].contains(second) else {
        continue
      }
      let belief = Beta(alpha: learned.clicked + 0.6, beta: learned.ignored + 19.4)
      looks.all += 1
      let known = feedback.delays.rate(at: now)
      if second >= 60 { looks.furthest = max(looks.furthest, belief.mean / rate, rate / belief.mean) }
      let interval = belief.interval()
      guard let known, let shown = known.shown(interval) else {
        looks.early += 1
        continue
      }
      if shown.contains(rate) { looks.covering += 1 }
    }
    return looks
  }

  @Test(arguments: plans)
  func whatIsShownCoversTheTruth(plan: Plan) {
    var sum = Looks()
    for rate in [0.02, 0.12] {
      for seed in 1...5 as ClosedRange<UInt64> {
        let looks = looks(plan, rate: rate, seed: seed)
        sum.all += looks.all
        sum.early += looks.early
        sum.covering += looks.covering
        sum.furthest = max(sum.furthest, looks.furthest)
      }
    }
    // 90% and more of many looks; of so few, by chance, a little less.
    #expect(sum.covering * 20 >= (sum.all - sum.early) * 17, "\(plan): \(sum)")
    #expect(plan.mean > .minutes(1) || sum.early * 3 < sum.all * 2, "\(plan): \(sum)")
  }

  /// An older store has clicks, and not how many messages they came of: they say nothing of the rate.
  @Test func clicksOfUnknownMessagesAreNoRate() throws {
    var delays = ClickDelays(window: .hours(24))
    for click in 0..<500 as Range<Int64> {
      let sent = Self.start + .seconds(click)
      delays.observe(copy: 0, sent: sent, clicked: sent + .seconds(30))
    }
    let later = Self.start + .hours(30)
    for message in 0..<1000 as Range<Int64> {
      let sent = later + .seconds(message)
      delays.send(at: sent)
      if message % 20 == 0 { delays.observe(copy: 0, sent: sent, clicked: sent + .seconds(30)) }
    }
    let rate = try #require(delays.rate(at: later + .hours(2)))
    #expect((0.04...0.06).contains(rate.believed) && rate.range.contains(0.05), "\(rate)")
  }
}
