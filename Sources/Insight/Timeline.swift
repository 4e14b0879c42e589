public import AttuneModel

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
