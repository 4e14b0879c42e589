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

extension JSONWriter {
  /// The members of a verdict, within the object being written: `"pass", "reason", "next", "dimensions"`. Instants are
  /// epoch milliseconds, `minGap` is milliseconds, and a dimension that has no limit is null.
  ///
  /// A server writes them by the hundred thousand a second, so the names are bytes as they stand.
  public mutating func members(of verdict: FatigueVerdict) {
    separate()
    literal(verdict.passes ? #""pass":true,"reason":"# : #""pass":false,"reason":"#)
    switch verdict.reason {
    case .user: literal(#""user""#)
    case .scene: literal(#""scene""#)
    case .window: literal(#""window""#)
    case .gap: literal(#""gap""#)
    case nil: literal("null")
    }
    next(verdict.next)
    literal(#","dimensions":{"user":"#)
    reading(verdict.user)
    literal(#","scene":"#)
    reading(verdict.scene)
    literal(#","window":"#)
    reading(verdict.window)
    literal(#","gap":"#)
    gap(verdict.gap)
    literal("}")
  }

  private mutating func reading(_ reading: FatigueVerdict.Reading?) {
    guard let reading else { return literal("null") }
    literal(#"{"count":"#)
    integer(Int64(reading.count))
    literal(#","limit":"#)
    integer(Int64(reading.limit))
    next(reading.next)
    literal("}")
  }

  private mutating func gap(_ gap: FatigueVerdict.GapReading?) {
    guard let gap else { return literal("null") }
    literal(#"{"last":"#)
    instant(gap.last)
    literal(#","minGap":"#)
    integer(gap.minGap.milliseconds)
    next(gap.next)
    literal("}")
  }

  private mutating func next(_ at: Instant?) {
    literal(#","next":"#)
    instant(at)
  }
}
