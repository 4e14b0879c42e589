import AttuneModel
import Fatigue

/// One version of fatigue control, asked for every candidate of a traffic.
struct FatigueRun {
  struct Key: Hashable {
    var user: String
    var business: String
  }

  /// When each user got each business, ascending.
  private(set) var reaches: [Key: [Instant]] = [:]
  private(set) var refused: [FatigueVerdict.Dimension: Int] = [:]
  /// Whom the window had told to wait when the operator changed the policy, and until when.
  private(set) var waiting: [Key: Instant] = [:]

  /// Every passing candidate is reserved and stands.
  init(_ version: (some FatigueControl).Type, _ traffic: FatigueTraffic) throws(FatigueError) {
    var control = version.init(policy: traffic.policy)
    var hasChanged = false
    for (number, candidate) in traffic.candidates.enumerated() {
      if !hasChanged, candidate.at >= traffic.change {
        for key in reaches.keys {
          let verdict = try control.check(user: key.user, business: key.business, zone: nil, at: traffic.change)
          if !verdict.window.passes { waiting[key] = verdict.window.next ?? .distantFuture }
        }
        control.policy = traffic.changed
        hasChanged = true
      }
      let verdict = try control.reserve(
        id: UInt64(number + 1), user: candidate.user, business: candidate.business, zone: nil, at: candidate.at)
      if let reason = verdict.reason {
        refused[reason, default: 0] += 1
      } else {
        reaches[Key(user: candidate.user, business: candidate.business), default: []].append(candidate.at)
      }
    }
  }
}
