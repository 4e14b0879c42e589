import AttuneModel
import Fatigue

/// One user's fatigue with a policy at hand, so that a test reads as a story.
final class Desk {
  var fatigue: FatigueTracker
  var policy: FatiguePolicy {
    get { fatigue.policy }
    set { fatigue.policy = newValue }
  }
  private var nextID: UInt64 = 0

  init(
    user: FatiguePolicy.UserLimit = .init(perDay: 1000), scenes: [String: FatiguePolicy.SceneLimit] = [:],
    _ businesses: [String: FatiguePolicy.BusinessLimit]
  ) {
    fatigue = FatigueTracker(policy: FatiguePolicy(zone: .utc, user: user, scenes: scenes, businesses: businesses))
  }

  /// The id is the number of the call, from 1 on.
  func reserve(_ business: String, _ at: Instant, zone: Zone? = nil) throws -> FatigueVerdict {
    nextID += 1
    return try fatigue.reserve(id: nextID, user: "ann", business: business, zone: zone, at: at)
  }

  func check(_ business: String, _ at: Instant, zone: Zone? = nil) throws -> FatigueVerdict {
    try fatigue.check(user: "ann", business: business, zone: zone, at: at)
  }

  @discardableResult
  func settle(_ id: UInt64, _ settlement: FatigueSettlement) -> Bool {
    fatigue.settle(id: id, user: "ann", as: settlement)
  }
}

extension FatiguePolicy.BusinessLimit {
  /// In scene `feed`, with room enough for everything that is not said.
  static func of(
    days: Int = 7, times: Int = 1000, minGap: TimeSpan = .zero, priority: Int = 5, obeys: Bool = true,
    counts: Bool = true, scene: String = "feed"
  ) -> Self {
    .init(scene: scene, days: days, times: times, minGap: minGap, priority: priority, obeys: obeys, counts: counts)
  }
}
