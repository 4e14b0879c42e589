public import AttuneModel

/// What a check says, with what every dimension counted.
public struct FatigueVerdict: Sendable, Hashable {
  public typealias Dimension = FatigueDimension

  /// A dimension that counts.
  public struct Reading: Sendable, Hashable {
    /// Without this candidate.
    public var count: Int
    public var limit: Int
    /// The earliest instant at which it passes if nothing else happens; nil where it passes now, or never can.
    public var next: Instant?

    public var passes: Bool { count < limit }

    public init(count: Int, limit: Int, next: Instant?) {
      self.count = count
      self.limit = limit
      self.next = next
    }
  }

  public struct GapReading: Sendable, Hashable {
    public var passes: Bool
    /// The latest reach of the key that still is remembered.
    public var last: Instant?
    public var minGap: TimeSpan
    /// As in `Reading`.
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
  /// Nil in Fatigue 1.0, which has no such dimension; so `scene` and `gap`.
  public var user: Reading?
  /// Nil too when the scene has no limit.
  public var scene: Reading?
  public var window: Reading
  public var gap: GapReading?

  public var passes: Bool { reason == nil }

  /// The verdict that follows from the readings: for a business that obeys, pass only if all of them do.
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
