public import AttuneModel

/// How often a user may be reached: the limits of the user, of each scene and of each business. A plain value;
/// what an open window froze of an earlier one is in the state.
public struct FatiguePolicy: Sendable, Hashable {
  /// Whose calendar days count for users without a zone of their own.
  public var zone: Zone
  public var user: UserLimit
  /// By name; a scene without an entry has no limit.
  public var scenes: [String: SceneLimit]
  public var businesses: [String: BusinessLimit]
  /// From which Fatigue 1.0 counts its windows; 2.0 has no use for it.
  public var origin: Instant

  public init(
    zone: Zone, user: UserLimit, scenes: [String: SceneLimit] = [:], businesses: [String: BusinessLimit] = [:],
    origin: Instant = Instant(milliseconds: 0)
  ) {
    self.zone = zone
    self.user = user
    self.scenes = scenes
    self.businesses = businesses
    self.origin = origin
  }

  /// Without a business nobody can ask.
  public static let nobody = FatiguePolicy(zone: .utc, user: UserLimit(perDay: 0))

  /// All reaches of one calendar day of the user.
  public struct UserLimit: Sendable, Hashable {
    public var perDay: Int
    /// So many of them are kept for businesses with at least `reservePriority`.
    public var reserve: Int
    public var reservePriority: Int

    public init(perDay: Int, reserve: Int = 0, reservePriority: Int = 0) {
      self.perDay = perDay
      self.reserve = reserve
      self.reservePriority = reservePriority
    }
  }

  /// `times` reaches in a window that opens at the first of them.
  public struct SceneLimit: Sendable, Hashable {
    public var times: Int
    /// At least 1 ms; anything shorter counts as that.
    public var window: TimeSpan

    public init(times: Int, window: TimeSpan) {
      self.times = times
      self.window = window
    }

    var length: TimeSpan { max(window, TimeSpan(milliseconds: 1)) }
  }

  /// n days, m times, a gap of t; which scene it belongs to; and the two switches.
  public struct BusinessLimit: Sendable, Hashable {
    public var scene: String
    /// Length of a window, in days of 24 h; at least 1, anything less counts as that.
    public var days: Int
    public var times: Int
    public var minGap: TimeSpan
    public var priority: Int
    /// False: never refused.
    public var obeys: Bool
    /// False: touches no counter, window or last reach, its own included.
    public var counts: Bool

    public init(
      scene: String, days: Int, times: Int, minGap: TimeSpan, priority: Int = 0, obeys: Bool = true,
      counts: Bool = true
    ) {
      self.scene = scene
      self.days = days
      self.times = times
      self.minGap = minGap
      self.priority = priority
      self.obeys = obeys
      self.counts = counts
    }

    var length: TimeSpan { .days(Int64(max(days, 1))) }
  }
}
