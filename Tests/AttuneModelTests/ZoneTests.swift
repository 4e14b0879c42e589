import AttuneModel
import Testing

@Suite struct ZoneTests {
  /// Berlin in 2021: summer time from 28 March 01:00 UTC to 31 October 01:00 UTC.
  static let berlin = Zone(
    name: "Europe/Berlin", initialOffset: 3600,
    transitions: [
      .init(at: Instant(milliseconds: 1_616_893_200_000), offset: 7200),
      .init(at: Instant(milliseconds: 1_635_642_000_000), offset: 3600),
    ])

  private func instant(_ hours: Int64, _ minutes: Int64 = 0, onDay day: Int64) -> Instant {
    Instant(milliseconds: day * 86_400_000 + hours * 3_600_000 + minutes * 60_000)
  }

  @Test func wallClock() {
    let spring: Int64 = 18_714  // 2021-03-28
    #expect(Self.berlin.timeOfDay(instant(0, 59, onDay: spring)) == (1 * 60 + 59) * 60_000)
    #expect(Self.berlin.timeOfDay(instant(1, onDay: spring)) == 3 * 3_600_000)
    #expect(Self.berlin.day(instant(22, 30, onDay: spring)) == spring + 1)
    #expect(Self.berlin.day(instant(22, 30, onDay: spring - 1)) == spring - 1)
    #expect(Zone.utc.day(Instant(milliseconds: -1)) == -1)
    #expect(Zone.utc.timeOfDay(Instant(milliseconds: -1)) == 86_399_999)
  }

  @Test func startOfDay() {
    let spring: Int64 = 18_714
    #expect(Self.berlin.start(ofDay: spring) == instant(23, onDay: spring - 1))
    #expect(Self.berlin.start(ofDay: spring + 1) == instant(22, onDay: spring))
    // An hour that does not exist begins when the clock jumps; one that comes twice, the first time.
    let half: Int64 = spring * 86_400_000 + (2 * 60 + 30) * 60_000
    #expect(Self.berlin.firstInstant(local: half) == instant(1, onDay: spring))
    let autumn: Int64 = 18_931  // 2021-10-31
    let twice: Int64 = autumn * 86_400_000 + (2 * 60 + 30) * 60_000
    #expect(Self.berlin.firstInstant(local: twice) == instant(0, 30, onDay: autumn))
  }

  /// Midnight itself skipped, and a whole day skipped, as Samoa did on 30 December 2011.
  @Test func skippedMidnightAndDay() {
    let jump = instant(0, onDay: 100)
    let midnight = Zone(name: "A", initialOffset: 0, transitions: [.init(at: jump, offset: 3600)])
    #expect(midnight.start(ofDay: 100) == jump)
    #expect(midnight.timeOfDay(jump) == 3_600_000)
    let dateLine = Zone(
      name: "B", initialOffset: -10 * 3600, transitions: [.init(at: instant(10, onDay: 100), offset: 14 * 3600)])
    #expect(dateLine.day(instant(9, 59, onDay: 100)) == 99)
    #expect(dateLine.day(instant(10, onDay: 100)) == 101)
    #expect(dateLine.start(ofDay: 100) == instant(10, onDay: 100))
    #expect(dateLine.start(ofDay: 101) == instant(10, onDay: 100))
  }

  @Test func endsOfTimeDoNotTrap() {
    for zone in [Zone.utc, Self.berlin, Zone(name: "W", initialOffset: .min), Zone(name: "E", initialOffset: .max)] {
      for at in [Instant.distantPast, .distantFuture, Instant(milliseconds: 0)] {
        #expect((0..<86_400_000).contains(zone.timeOfDay(at)))
        _ = zone.start(ofDay: zone.day(at))
        _ = zone.firstInstant(local: at.milliseconds)
      }
      _ = (zone.start(ofDay: .min), zone.start(ofDay: .max))
    }
  }

  /// Against trying every quarter of an hour. Offsets are whole quarters, as those of real zones since 1972.
  @Test func firstInstantAgainstSearch() {
    let quarter: Int64 = 900_000
    for seed in UInt64(0)..<60 {
      var random = SeededGenerator(seed: seed)
      let zone = Self.random(&random)
      let last = zone.transitions.last?.at.milliseconds ?? 0
      for _ in 0..<30 {
        let local = Int64(random.index(below: Int(last / quarter) + 200)) * quarter
        // The first quarter, from well before, that shows it or later.
        var slow = local - 16 * 3_600_000
        while zone.local(Instant(milliseconds: slow)) < local { slow += quarter }
        #expect(zone.firstInstant(local: local).milliseconds == slow, "seed \(seed), local \(local), \(zone)")
        let day = floorDivide(local, 86_400_000)
        let start = zone.start(ofDay: day)
        #expect(zone.day(start) >= day, "seed \(seed), day \(day), \(zone)")
        #expect(zone.day(start - TimeSpan(milliseconds: 1)) < day, "seed \(seed), day \(day), \(zone)")
      }
    }
  }

  /// Changes of up to two hours, at least a day apart, from UTC-12 to UTC+14.
  private static func random(_ random: inout SeededGenerator) -> Zone {
    var offset = (random.index(below: 22 * 4) - 10 * 4) * 900
    let initial = Int32(offset)
    var at: Int64 = 0
    let transitions = (0..<random.index(below: 8)).map { _ in
      at += 86_400_000 + Int64(random.index(below: 400)) * 900_000
      offset = min(max(offset + (random.index(below: 17) - 8) * 900, -12 * 3600), 14 * 3600)
      return Zone.Transition(at: Instant(milliseconds: at), offset: Int32(offset))
    }
    return Zone(name: "Random", initialOffset: initial, transitions: transitions)
  }
}
