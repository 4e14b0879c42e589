public import AttuneModel
public import Fatigue

/// What asks to reach people: candidates in the order of time, the policy they meet, and one change of it on the way.
///
/// The change is the operator's: at 20:00 of the middle day, in the policy's zone, every period longer than a day
/// becomes one day shorter.
public struct FatigueTraffic: Sendable {
  public struct Candidate: Hashable, Sendable {
    public var at: Instant
    public var user: String
    public var business: String

    public init(at: Instant, user: String, business: String) {
      self.at = at
      self.user = user
      self.business = business
    }
  }

  public let name: String
  /// Ascending; those of one instant in the order they came.
  public let candidates: [Candidate]
  /// Before the change.
  public let policy: FatiguePolicy
  /// When the operator changes it.
  public let change: Instant
  /// From the change on.
  public let changed: FatiguePolicy

  public init(name: String, candidates: [Candidate], policy: FatiguePolicy) {
    self.name = name
    self.candidates = candidates.enumerated()
      .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    self.policy = policy
    change = Self.evening(halfwayThrough: self.candidates, policy.zone)
    var changed = policy
    for (name, limit) in policy.businesses where limit.days > 1 { changed.businesses[name]?.days = limit.days - 1 }
    self.changed = changed
  }

  private static func evening(halfwayThrough candidates: [Candidate], _ zone: Zone) -> Instant {
    guard let first = candidates.first?.at, let last = candidates.last?.at else { return .distantFuture }
    let middle = first + TimeSpan(milliseconds: (last - first).milliseconds / 2)
    return zone.start(ofDay: zone.day(middle)) + .hours(20)
  }

  /// What is in force for a business at an instant; nil for a business unknown.
  func limit(_ business: String, at: Instant) -> FatiguePolicy.BusinessLimit? {
    (at < change ? policy : changed).businesses[business]
  }
}
