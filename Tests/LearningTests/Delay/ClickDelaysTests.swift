import AttuneModel
import Testing

@testable import Learning

@Suite struct ClickDelaysTests {
  private static let window = TimeSpan.hours(24)

  /// Of an exponential distribution of this mean, cut at the window.
  private static func share(_ delay: TimeSpan, mean: Double) -> Double {
    func within(_ span: TimeSpan) -> Double { 1 - Elementary.exp(-Double(span.milliseconds) / mean) }
    return within(delay) / within(window)
  }

  @Test func beforeAnyClickThePriorHolds() {
    let delays = ClickDelays(window: Self.window)
    #expect(delays.share(of: .zero, copy: 0) == 0 && delays.share(of: Self.window, copy: 0) == 1)
    #expect(abs(delays.share(of: .minutes(20), copy: 0) - 0.507) < 0.02)
    #expect(delays.share(of: .seconds(-5), copy: 0) == 0 && delays.share(of: .days(99), copy: -1) == 1)
    var last = TimeSpan.zero
    for step in 0...100 {
      let share = Double(step) / 100
      let delay = delays.delay(of: share, copy: 3)
      #expect(delay >= last && abs(delays.share(of: delay, copy: 3) - share) < 1e-3)
      last = delay
    }
    #expect(delays.delay(of: .nan, copy: 0) == Self.window && delays.delay(of: -1, copy: 0) == .zero)
  }

  /// Six hours after the first message, no click can have taken longer than six: the estimate knows.
  @Test func youngMessagesDoNotMakeClicksLookFast() {
    let means = [TimeSpan.minutes(10), .hours(3)].map { Double($0.milliseconds) }
    var delays = ClickDelays(window: Self.window)
    var generator = SeededGenerator(seed: 1)
    var clicks: [(sent: Instant, at: Instant, copy: Int)] = []
    let now = Instant(milliseconds: 0) + .hours(6)
    for index in 0..<6_000 {
      let sent = Instant(milliseconds: Int64(generator.fraction() * 6 * 3_600_000))
      let delay = -means[index % 2] * Elementary.log(1 - generator.fraction())
      let at = sent + TimeSpan(milliseconds: Int64(min(delay, 1e12)))
      if at <= now { clicks.append((sent, at, index % 2)) }
    }
    for click in clicks.sorted(by: { $0.at < $1.at }) {
      delays.observe(copy: click.copy, sent: click.sent, clicked: click.at)
    }
    delays.estimate(at: now)
    // Among delays of up to four hours, which have been seen; what lies beyond is the prior's.
    for (copy, mean) in means.enumerated() {
      let (whole, known) = (delays.share(of: .hours(4), copy: copy), Self.share(.hours(4), mean: mean))
      for minutes in [5, 15, 60, 180] as [Int64] {
        let ours = delays.share(of: .minutes(minutes), copy: copy) / whole
        let truth = Self.share(.minutes(minutes), mean: mean) / known
        #expect(abs(ours - truth) < 0.06, "copy \(copy), \(minutes) minutes: \(ours) \(truth)")
      }
    }
    let naive =
      Double(clicks.count { $0.copy == 1 && $0.at - $0.sent <= .hours(1) }) / Double(clicks.count { $0.copy == 1 })
    #expect(naive > Self.share(.hours(1), mean: means[1]) + 0.1, "counting alone would be far off: \(naive)")
  }

  /// Five minutes after the first message it is known that clicks take seconds: nobody is waited for till tomorrow.
  @Test func fastClicksAreSoonKnownToBeFast() {
    var delays = ClickDelays(window: Self.window)
    var generator = SeededGenerator(seed: 3)
    for index in 0..<600 {
      let sent = Instant(milliseconds: Int64(index) * 500)
      delays.observe(copy: 0, sent: sent, clicked: sent + TimeSpan(milliseconds: Int64(generator.fraction() * 4000)))
    }
    delays.estimate(at: Instant(milliseconds: 0) + .minutes(5))
    #expect(delays.share(of: .minutes(2), copy: 0) > 0.9, "\(delays.share(of: .minutes(2), copy: 0))")
    #expect(delays.wait(of: 0.8, copy: 0, age: .minutes(2)) == nil)
  }

  @Test func waitsAreShortAndEndWithTheDraw() {
    let delays = ClickDelays(window: Self.window)
    for share in [0.01, 0.3, 0.5, 0.99, 1] {
      var (age, waits) = (TimeSpan.zero, 0)
      while let wait = delays.wait(of: share, copy: 0, age: age) {
        #expect(wait > age)
        (age, waits) = (wait, waits + 1)
      }
      #expect(age == delays.delay(of: share, copy: 0) && waits <= ClickDelays.buckets + 1)
    }
  }

  @Test func nothingTrapsAndBytesAreTheSame() throws {
    var delays = ClickDelays(window: TimeSpan(milliseconds: .min))
    #expect(delays.window == .seconds(1))
    for instant in [Instant.distantPast, .distantFuture, Instant(milliseconds: 0)] {
      for sent in [Instant.distantPast, .distantFuture, Instant(milliseconds: -1)] {
        for copy in [0, -1, .max] { delays.observe(copy: copy, sent: sent, clicked: instant) }
      }
    }
    var generator = SeededGenerator(seed: 5)
    for step in 0..<3_000 {
      let sent = Instant(milliseconds: Int64(step * 7))
      let delay = TimeSpan(milliseconds: Int64(generator.fraction() * 1100))
      delays.observe(copy: step % 3, sent: sent, clicked: sent + delay)
    }
    let other = try ClickDelays(decoding: delays.encoded())
    #expect(other == delays)
    #expect(throws: BinaryError.self) { try ClickDelays(decoding: Array(delays.encoded().dropLast())) }
  }
}
