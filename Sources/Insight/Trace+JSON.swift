public import AttuneModel
public import Codec

extension JSONWriter {
  /// An answer, and what came of the message that was sent: `delivery` is left out while that is not known.
  public mutating func write(_ entry: TimelineEntry) { write(entry.trace, entry.delivery) }

  /// One answer on one candidate: a line of `attune replay --decisions`, an entry of a timeline. `rule` is null for a
  /// reservation of another team, and `id` then its sender's.
  public mutating func write(_ trace: Trace) { write(trace, nil) }

  private mutating func write(_ trace: Trace, _ delivery: JournaledSettlement?) {
    object { json in
      json.member("id", trace.id.description)
      json.member("at", trace.at)
      json.member("user", trace.user)
      json.member("scene", trace.scene)
      json.member("business", trace.business)
      json.member("rule", trace.origin.rule)
      json.member("outcome", trace.outcome.name)
      json.member("filter", trace.filter)
      json.member("reason", trace.reason)
      json.member("next", trace.next)
      json.member("material", trace.outcome == .sent ? trace.material : nil)
      json.member("trace") { json in
        json.object { json in
          if case .candidate = trace.id {
            json.member("ruleVersion", trace.origin.version ?? 0)
            json.member("matched", trace.matched)
          }
          if let material = trace.material {
            json.member("chosen", material)
            json.member("choice", trace.choice)
          }
          json.member("checks") { json in json.array(trace.checks) { $0.write($1) } }
        }
      }
      if let delivery { json.member("delivery") { $0.write(delivery) } }
    }
  }

  private mutating func write(_ delivery: JournaledSettlement) {
    let settlement = delivery.settlement
    object { json in
      json.member("outcome", settlement.name)
      json.member("at", delivery.at)
      json.member("channel", settlement.channel.isEmpty ? nil : settlement.channel)
      json.member("code", settlement.code)
      json.member("providerID", settlement.providerID)
      if let latency = settlement.latency { json.member("latencyMilliseconds", Int(latency.milliseconds)) }
      json.member("attempts", settlement.attempts)
    }
  }

  private mutating func write(_ check: Trace.Check) {
    object { json in
      json.member("name", check.name)
      json.member("passed", check.passed)
      if let reason = check.reason { json.member("reason", reason) }
      if !check.passed { json.member("next", check.next) }
      for detail in check.details { json.member(detail.name, detail.value) }
    }
  }
}
