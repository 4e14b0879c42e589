public import AttuneModel

/// How often a user may be reached: the limits of the user, of each scene and of each business.
///
///     let policy = FatiguePolicy(
///       zone: .utc, user: .init(perDay: 5), scenes: ["feed": .init(times: 2, window: .days(1))],
///       businesses: ["price-drop": .init(scene: "feed", days: 7, times: 3, minGap: .hours(4))])
///
/// A *scene* is a domain of use, such as the home feed; a *business* is one line of messages and belongs to one scene.
/// The policy is a plain value. What an open window keeps of an earlier policy is in the state, not here.
public struct FatiguePolicy: Sendable, Hashable {
  /// Whose calendar days count for users without a zone of their own.
  public var zone: Zone
  /// Of each user, all businesses together. Only a business that does not obey may go over it.
  public var user: UserLimit
  /// By name. A scene without an entry has no limit.
  public var scenes: [String: SceneLimit]
  /// By name. A business without an entry cannot be asked about.
  public var businesses: [String: BusinessLimit]
  /// Where the windows of Fatigue 1.0 begin; 2.0 does not use it.
  public var origin: Instant

  /// A policy as given: numbers are not checked here, but where a document is read.
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

  /// No business, and so nothing that can be asked: what a state has that was read from bytes, until its policy is set.
  public static let nobody = FatiguePolicy(zone: .utc, user: UserLimit(perDay: 0))

  /// The limit of a user's calendar day, all businesses together.
  public struct UserLimit: Sendable, Hashable {
    /// Reaches a day; 0: none.
    public var perDay: Int
    /// So many of them are kept for businesses with at least `reservePriority`, as far as these have not had them.
    public var reserve: Int
    /// The least priority of a business that may use the reserve.
    public var reservePriority: Int

    public init(perDay: Int, reserve: Int = 0, reservePriority: Int = 0) {
      self.perDay = perDay
      self.reserve = reserve
      self.reservePriority = reservePriority
    }
  }

  /// The limit of a scene: `times` reaches of a user in a window that opens at the first of them.
  public struct SceneLimit: Sendable, Hashable {
    /// Reaches a window; 0: none.
    public var times: Int
    /// The window's length: it is over at the first reach + `window`. Less than 1 ms counts as 1 ms.
    public var window: TimeSpan

    public init(times: Int, window: TimeSpan) {
      self.times = times
      self.window = window
    }

    var length: TimeSpan { max(window, TimeSpan(milliseconds: 1)) }
  }

  /// The limit of a business: `times` reaches of a user in a window of `days` that opens at the first of them, and
  /// `minGap` between two.
  public struct BusinessLimit: Sendable, Hashable {
    /// The scene it belongs to.
    public var scene: String
    /// The window's length, in days of 24 h; less than 1 counts as 1.
    public var days: Int
    /// Reaches a window; 0: none.
    public var times: Int
    /// The least time between two reaches, also across windows; 0 or less: none.
    public var minGap: TimeSpan
    /// For the user's reserve; higher is more important.
    public var priority: Int
    /// False: never refused.
    public var obeys: Bool
    /// False: counts nowhere, not even for itself.
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
