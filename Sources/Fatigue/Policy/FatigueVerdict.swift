public import AttuneModel

/// The answer to a check: whether the reach passes, what every dimension counted, and when it would pass.
///
///     let verdict = try fatigue.check(user: "u1", business: "price-drop", at: now)
///     if let reason = verdict.reason { print(reason.rawValue, verdict.next?.milliseconds ?? "never") }
public struct FatigueVerdict: Sendable, Hashable {
  /// What limits reaches, in the order of the check.
  public typealias Dimension = FatigueDimension

  /// What a dimension that counts found: `user`, `scene` or `window`.
  public struct Reading: Sendable, Hashable {
    /// Reaches that count now, without this candidate.
    public var count: Int
    /// It passes while `count` is below.
    public var limit: Int
    /// The earliest instant at which it passes if nothing else happens; nil where it passes now, or never can.
    public var next: Instant?

    /// Whether this dimension lets the candidate pass.
    public var passes: Bool { count < limit }

    public init(count: Int, limit: Int, next: Instant?) {
      self.count = count
      self.limit = limit
      self.next = next
    }
  }

  /// What the gap found.
  public struct GapReading: Sendable, Hashable {
    /// Whether there is no remembered reach, or `last` is `minGap` or longer ago.
    public var passes: Bool
    /// The latest reach of this user and business that is still remembered.
    public var last: Instant?
    /// As the policy in force says.
    public var minGap: TimeSpan
    /// The earliest instant at which it passes if nothing else happens; nil where it passes now, or never can.
    public var next: Instant?

    public init(passes: Bool, last: Instant?, minGap: TimeSpan, next: Instant?) {
      self.passes = passes
      self.last = last
      self.minGap = minGap
      self.next = next
    }
  }

  /// The first dimension that fails; nil when it passes.
  public var reason: Dimension?
  /// The latest `next` of the dimensions that fail; nil when it passes, or when one of them never can.
  public var next: Instant?
  /// Reaches of the user's calendar day. Nil in Fatigue 1.0, which has neither this nor `scene` nor `gap`.
  public var user: Reading?
  /// Reaches in the open window of the business's scene. Nil also when the scene has no limit.
  public var scene: Reading?
  /// Reaches in the open window of this user and business.
  public var window: Reading
  /// How long ago the last reach of this user and business was.
  public var gap: GapReading?

  /// Whether the user may be reached. Always true for a business that does not obey, whatever the readings.
  public var passes: Bool { reason == nil }

  /// The verdict that follows from the readings: for a business that obeys, it passes only if all of them do.
  public init(user: Reading?, scene: Reading?, window: Reading, gap: GapReading?, obeys: Bool) {
    self.user = user
    self.scene = scene
    self.window = window
    self.gap = gap
    guard obeys else { return }
    var nextOfAll: Instant? = .distantPast
    func consult(_ dimension: Dimension, passes: Bool, next: Instant?) {
      if passes { return }
      if reason == nil { reason = dimension }
      if let latest = nextOfAll { nextOfAll = next.map { max($0, latest) } }
    }
    if let user { consult(.user, passes: user.passes, next: user.next) }
    if let scene { consult(.scene, passes: scene.passes, next: scene.next) }
    consult(.window, passes: window.passes, next: window.next)
    if let gap { consult(.gap, passes: gap.passes, next: gap.next) }
    if reason != nil { next = nextOfAll }
  }
}

/// Why a call has no answer.
public struct FatigueError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was wrong, for the program.
  public enum Code: Hashable, Sendable {
    /// The policy has no business of that name. What was counted for it earlier stays until it is forgotten.
    case unknownBusiness
    /// The id names a reservation of another user or business that still stands.
    case conflict
    /// No table of transitions is known for the zone that was named.
    case unknownZone
  }

  /// What was wrong, for the program.
  public var code: Code
  /// What was wrong, for people.
  public var description: String

  /// The id is in use.
  public static let conflict = FatigueError(
    code: .conflict, description: "the id names a reservation of another user or business")

  /// - Parameter name: as it was given, such as `Asia/Shanghai`.
  public static func unknownZone(_ name: String) -> FatigueError {
    FatigueError(code: .unknownZone, description: "there is no time zone '\(name)'")
  }

  /// - Parameter name: as it was given.
  public static func unknownBusiness(_ name: String) -> FatigueError {
    FatigueError(code: .unknownBusiness, description: "the fatigue policy has no business '\(name)'")
  }
}
