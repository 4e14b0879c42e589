import AttuneModel
import Testing

@Suite struct TimeSpanTests {
  @Test(arguments: [
    ("250ms", 250), ("30s", 30_000), ("10m", 600_000), ("4h", 14_400_000), ("1d", 86_400_000), ("0s", 0),
    ("007s", 7000), ("106751991167d", 9_223_372_036_828_800_000),
  ])
  func reads(_ text: String, _ milliseconds: Int64) {
    #expect(TimeSpan(text)?.milliseconds == milliseconds)
  }

  @Test(arguments: [
    "", "s", "5", "5 s", " 5s", "5s ", "-5s", "+5s", "1.5h", "5S", "5min", "1h30m", "٣s", "5\u{301}s", "5ms\u{301}",
    "9223372036854775808ms", "106751991168d", "99999999999999999999999d",
  ])
  func refuses(_ text: String) {
    #expect(TimeSpan(text) == nil)
  }

  @Test func writesWhatItReads() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<500 {
      let span = TimeSpan(milliseconds: Int64(random.next() >> 1) >> Int64(random.index(below: 63)))
      #expect(TimeSpan(span.description) == span, "\(span.milliseconds)")
    }
    #expect(TimeSpan.minutes(90).description == "90m")
    #expect(TimeSpan.hours(48).description == "2d")
    #expect(TimeSpan.zero.description == "0ms")
  }

  @Test func arithmeticSaturates() {
    #expect(Instant.distantFuture + .days(1) == .distantFuture)
    #expect(Instant.distantPast + .days(-1) == .distantPast)
    #expect(Instant.distantPast - .days(1) == .distantPast)
    #expect(Instant.distantFuture - TimeSpan(milliseconds: .min) == .distantFuture)
    #expect((Instant.distantFuture - Instant.distantPast).milliseconds == .max)
    #expect((Instant.distantPast - Instant.distantFuture).milliseconds == .min)
    #expect(TimeSpan.days(.max).milliseconds == .max)
    #expect(TimeSpan.days(.min).milliseconds == .min)
    #expect(Instant(milliseconds: 5) - TimeSpan(milliseconds: 7) == Instant(milliseconds: -2))
  }
}
