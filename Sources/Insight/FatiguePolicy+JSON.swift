import AttuneModel
public import Codec
public import Fatigue

extension JSONWriter {
  /// The members of a policy, within the object being written, as `FatiguePolicy(reading:)` takes them; names in their
  /// order, what has its default left out.
  public mutating func members(of policy: FatiguePolicy) {
    member("zone", policy.zone.name)
    member("user") { json in
      json.object { json in
        json.member("perDay", policy.user.perDay)
        guard policy.user.reserve > 0 else { return }
        json.member("reserve", policy.user.reserve)
        json.member("reservePriority", policy.user.reservePriority)
      }
    }
    named("scenes", policy.scenes) { json, scene in
      json.member("times", scene.times)
      json.member("window", scene.window.description)
    }
    named("businesses", policy.businesses) { json, business in
      json.member("scene", business.scene)
      json.member("days", business.days)
      json.member("times", business.times)
      json.member("minGap", business.minGap.description)
      json.member("priority", business.priority)
      if !business.obeys { json.member("obeys", false) }
      if !business.counts { json.member("counts", false) }
    }
  }

  private mutating func named<Limit>(
    _ name: String, _ limits: [String: Limit], _ members: (inout JSONWriter, Limit) -> Void
  ) {
    member(name) { json in
      json.object { json in
        for (name, limit) in limits.sorted(by: { $0.key < $1.key }) {
          json.member(name) { json in json.object { json in members(&json, limit) } }
        }
      }
    }
  }
}
