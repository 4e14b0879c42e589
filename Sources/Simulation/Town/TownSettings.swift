public import AttuneModel

/// What a town is made from: equal settings and configurations give equal towns, down to the last byte.
public struct TownSettings: Hashable, Sendable {
  public let seed: UInt64
  public let users: Int
  public let days: Int
  /// The first instant of the first day.
  public let start: Instant
  /// How often the town hands over what its phones sent, and how coarsely time passes.
  public let tick: TimeSpan

  /// Monday, 2026-03-02, 00:00 in Shanghai: New York changes its clocks on the last day of that week.
  public static let monday = Instant(milliseconds: 1_772_380_800_000)

  /// Kept within 1 ... 1,000,000 users, 1 ... 366 days, and ticks of 1 s ... 1 h.
  public init(
    seed: UInt64 = 1, users: Int = 2000, days: Int = 7, start: Instant = TownSettings.monday,
    tick: TimeSpan = .seconds(30)
  ) {
    self.seed = seed
    self.users = min(max(1, users), 1_000_000)
    self.days = min(max(1, days), 366)
    self.start = start
    self.tick = min(max(.seconds(1), tick), .hours(1))
  }

  /// When campaigns begin: in the morning of the day in the middle.
  var launch: Instant { start + .days(Int64(days / 2)) + .hours(10) }

  var end: Instant { start + .days(Int64(days)) }
}
