import AttuneModel
import Testing

@testable import Reach

/// When quiet hours end, beside a clock on the wall that is watched minute by minute.
@Suite struct QuietHoursTests {
  private static let minute: Int64 = 60_000

  private func isQuiet(_ hours: QuietHours, _ at: Instant, in zone: Zone) -> Bool {
    let time = zone.timeOfDay(at)
    return hours.from < hours.to ? hours.from <= time && time < hours.to : time >= hours.from || time < hours.to
  }

  private func slowEnd(_ hours: QuietHours, _ at: Instant, in zone: Zone) -> Instant? {
    guard isQuiet(hours, at, in: zone) else { return nil }
    var now = at
    while isQuiet(hours, now, in: zone) { now = now + .minutes(1) }
    return now
  }

  /// Clocks that are put back or forward at any time of the night, by an hour, half of one, or two.
  @Test(arguments: 1...40 as ClosedRange<UInt64>) func asTheClockOnTheWall(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    func whole(_ limit: Int64) -> Int64 { Int64(random.next() % UInt64(limit)) }
    let noon = Instant(milliseconds: 1_700_049_600_000)
    let shift = [3600, -3600, 1800, -1800, 7200, -7200][Int(whole(6))] as Int32
    let offset = Int32(whole(27) - 12) * 3600
    let at = noon + .minutes(whole(24 * 60))
    let zone = Zone(name: "Z", initialOffset: offset, transitions: [.init(at: at, offset: offset + shift)])
    // They end about when clocks are changed: before it, after it, and in an hour that comes twice or never.
    let to = (zone.timeOfDay(at) + (whole(33) - 16) * 15 * Self.minute + 86_400_000) % 86_400_000
    let hours = QuietHours(from: (to - (1 + whole(50)) * 15 * Self.minute + 86_400_000) % 86_400_000, to: to)
    var ends = 0
    for step in 0..<Int64(48 * 12) {
      let now = noon - .hours(12) + .minutes(step * 5)
      let end = hours.end(now, in: zone)
      var model = slowEnd(hours, now, in: zone)
      // Put back to before they began, they begin again: nobody is disturbed between.
      if model == at, shift < 0 {
        let again = (0...Int64(-shift) / 60).lazy.map { at + .minutes($0) }.first { isQuiet(hours, $0, in: zone) }
        model = again.flatMap { slowEnd(hours, $0, in: zone) } ?? model
      }
      #expect(end == model, "seed \(seed): \(hours) at \(now), shift \(shift) at \(at)")
      if end != nil { ends += 1 }
    }
    #expect(ends > 0)
  }
}
