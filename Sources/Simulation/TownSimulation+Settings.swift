public import Model

extension TownSimulation {
  /// What a town is made from: equal settings and configurations give equal towns, down to the last byte.
  public struct Settings: Hashable, Sendable {
    public var seed: UInt64
    public var users: Int
    public var days: Int
    /// The first instant of the first day.
    public var start: Instant
    /// How often the town hands over what its phones sent, and how coarsely time passes.
    public var tick: TimeSpan

    /// Monday, 2026-03-02, 00:00 in Shanghai: New York changes its clocks on the last day of that week.
    public static let monday = Instant(milliseconds: 1_772_380_800_000)

    /// Numbers below one are taken as one, a tick below a second as a second.
    public init(
      seed: UInt64 = 1, users: Int = 3000, days: Int = 7, start: Instant = Settings.monday,
      tick: TimeSpan = .seconds(30)
    ) {
      self.seed = seed
      self.users = max(1, users)
      self.days = max(1, days)
      self.start = start
      self.tick = max(.seconds(1), tick)
    }

    var end: Instant { start + .days(Int64(days)) }
  }
}
