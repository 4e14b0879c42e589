public import AttuneModel
public import Codec

/// What was decided on a user, in words: why, why not, when next.
public struct Timeline: Sendable {
  private let entries: [TimelineEntry]
  private let zone: Zone

  /// `zone`: in which times are told.
  public init(_ entries: [TimelineEntry], in zone: Zone) {
    self.entries = entries
    self.zone = zone
  }

  /// Answers alone, without what came of the messages.
  public init(_ traces: [Trace], in zone: Zone) { self.init(traces.map { TimelineEntry(trace: $0) }, in: zone) }

  /// One paragraph a candidate's answer, oldest first.
  public var text: String { entries.map(paragraph).joined(separator: "\n") }

  private func paragraph(_ entry: TimelineEntry) -> String {
    let trace = entry.trace
    let asked = if case .reservation(let id) = trace.id { " (\(id))" } else { "" }
    let what =
      switch trace.outcome {
      case .sent: "● sent      \(trace.business) (\(trace.material ?? ""), \(trace.choice ?? ""))"
      case .reserved: "● reserved  \(trace.business)\(asked)"
      case .refused: "○ refused   \(trace.business)\(asked) by \(trace.filter ?? "")"
      case .deferred: "◌ deferred  \(trace.business) by \(trace.filter ?? "")"
      case .retracted: "○ retracted \(trace.business)"
      }
    var lines = ["\(zone.clock(trace.at))  \(what)"]
    let indent = String(repeating: " ", count: 33)
    switch trace.outcome {
    case .sent, .reserved:
      let passed = trace.checks.filter(\.passed).map(words)
      if !passed.isEmpty { lines.append(indent + "passed " + passed.joined(separator: ", ")) }
    case .refused, .deferred: lines.append(indent + because(trace))
    case .retracted: lines.append(indent + taken(trace))
    }
    if let delivery = entry.delivery { lines.append(indent + delivery.settlement.words) }
    return lines.joined(separator: "\n")
  }

  private func taken(_ trace: Trace) -> String {
    let what =
      switch trace.reason {
      case "deferred": "it was put off, and is withdrawn"
      case "unsettled": "it is withdrawn unless a channel had it already"
      default: "it was sent before, and stays sent"
      }
    return "a late event shows that the rule should not have matched: " + what
  }

  private func because(_ trace: Trace) -> String {
    let failed = trace.checks.filter { !$0.passed }.map(words).joined(separator: ", ")
    let next = trace.next.map { (trace.outcome == .deferred ? "tried again " : "could pass from ") + zone.clock($0) }
    return [failed, next ?? ""].filter { !$0.isEmpty }.joined(separator: "; ")
  }

  private func words(_ check: Trace.Check) -> String {
    if check.obstacle == .fatigue(.gap) {
      guard case .number(let minGap) = check.details["minGap"] else { return check.name }
      let span = TimeSpan(milliseconds: Int64(minGap))
      guard case .number(let last) = check.details["last"] else { return "gap (first reach)" }
      return "gap \(span) (last \(zone.clock(Instant(milliseconds: Int64(last)))))"
    }
    if let dimension = check.obstacle.dimension, let count = check.details["count"], let limit = check.details["limit"]
    {
      return "\(dimension.rawValue) \(count) of \(limit)"
    }
    return check.reason.map { "\(check.name): \($0)" } ?? check.name
  }
}

extension Zone {
  /// `2026-11-21 22:14:30`, in local time.
  public func clock(_ at: Instant) -> String {
    let local = local(at)
    let day = floorDivide(local, 86_400_000)
    let seconds = (local - day * 86_400_000) / 1000
    func two(_ n: Int64) -> String { n < 10 ? "0\(n)" : "\(n)" }
    return "\(Self.date(day)) \(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
  }

  /// `2026-11-21` from days since 1970.
  public static func date(_ day: Int64) -> String {
    CivilDate(daysSince1970: day)?.description ?? "the end of time"
  }
}

extension Settlement {
  /// `accepted by log (1-5), 0.12 s`
  var words: String {
    let who = channel.isEmpty ? "" : " \(channel)"
    let why = code.map { ": \($0)" } ?? ""
    var parts: [String]
    switch outcome {
    case .accepted: parts = ["accepted" + (channel.isEmpty ? "" : " by\(who)") + (providerID.map { " (\($0))" } ?? "")]
    case .failed: parts = ["failed" + (channel.isEmpty ? "" : " at\(who)") + why]
    case .unknown: parts = ["no answer" + (channel.isEmpty ? "" : " from\(who)") + why]
    case .withdrawn: parts = ["withdrawn before it was sent"]
    }
    if let latency { parts.append(Self.seconds(latency)) }
    if attempts > 1 { parts.append("\(attempts) attempts") }
    return parts.joined(separator: ", ")
  }

  /// To two digits; below 10 ms to three.
  private static func seconds(_ span: TimeSpan) -> String {
    let milliseconds = max(0, span.milliseconds)
    func padded(_ n: Int64, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - String(n).count)) + String(n)
    }
    if milliseconds < 10 { return "0.\(padded(milliseconds, 3)) s" }
    let hundredths = (milliseconds + 5) / 10
    return "\(hundredths / 100).\(padded(hundredths % 100, 2)) s"
  }

  /// As it stands in JSON.
  var name: String {
    switch outcome {
    case .accepted: "accepted"
    case .failed: "failed"
    case .unknown: "unknown"
    case .withdrawn: "withdrawn"
    }
  }
}

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
