import AttuneModel
import Fatigue
import Testing

@testable import Runtime

/// Who was reached under which id, however long the file.
@Suite struct ReservedUsersTests {
  private let start = Instant(milliseconds: 1_792_000_000_000)

  private func policy(days: Int) -> FatiguePolicy {
    FatiguePolicy(
      zone: .utc, user: .init(perDay: 9), scenes: ["s": .init(times: 1, window: .days(2))],
      businesses: ["b": .init(scene: "s", days: days, times: 1, minGap: .hours(1))])
  }

  @Test func whatAnyWindowStillNeedsIsKept() {
    var users = ReservedUsers(least: 100)
    users.note(policy(days: 10))
    users.note(policy(days: 5))
    var most = 0
    for hour: UInt64 in 0..<5000 {
      users.add(hour, "u\(hour)", at: start + .hours(Int64(hour)))
      most = max(most, users.count)
      let oldest = hour - min(hour, 240)
      #expect(users[oldest] == "u\(oldest)", "ten days, though the newest policy says five")
    }
    #expect(most <= 2 * 241 + 1 && users[0] == nil)
  }

  @Test func nothingIsDroppedBeforeThereAreMany() {
    var users = ReservedUsers(least: 100)
    for day: UInt64 in 0..<100 { users.add(day, "u", at: start + .days(Int64(day))) }
    #expect(users[0] == "u" && users.count == 100)
  }

  @Test func aClockThatGoesBackDropsNothingNew() {
    var users = ReservedUsers(least: 2)
    for (number, at) in [Int64.max, .min, 0, 5].enumerated() {
      users.add(UInt64(number), "u", at: Instant(milliseconds: at))
    }
    #expect(users.count == 4)
  }
}
