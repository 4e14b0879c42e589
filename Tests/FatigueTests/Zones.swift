import AttuneModel

extension Instant {
  /// Milliseconds of a UTC wall clock in October 2025 or nearby; days count on over the month's end.
  static func october(_ day: Int64, _ hour: Int64, _ minute: Int64 = 0, _ second: Int64 = 0) -> Instant {
    // 2025-10-01T00:00Z
    Instant(milliseconds: 1_759_276_800_000) + .days(day - 1) + .hours(hour) + .minutes(minute) + .seconds(second)
  }
}

extension Zone {
  static let shanghai = Zone(name: "Asia/Shanghai", initialOffset: 28_800)

  /// Of 2025: on from 30 March 01:00Z, off from 26 October 01:00Z.
  static let berlin = Zone(
    name: "Europe/Berlin", initialOffset: 3600,
    transitions: [
      Transition(at: Instant(milliseconds: 1_743_296_400_000), offset: 7200),
      Transition(at: Instant(milliseconds: 1_761_440_400_000), offset: 3600),
    ])

  /// As St. John's once did it: at 00:01 on 26 October the clock goes back to 23:01, and midnight comes twice.
  static let twiceMidnight = Zone(
    name: "America/St_Johns", initialOffset: -9000, transitions: [Transition(at: .october(26, 2, 31), offset: -12_600)])
}
