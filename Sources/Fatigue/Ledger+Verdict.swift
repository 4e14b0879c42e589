import Model

/// Who asks: a business at an instant, with the limits that are in force.
struct Candidate {
  var at: Instant
  var zone: Zone
  var user: FatiguePolicy.UserLimit
  var scene: FatiguePolicy.SceneLimit?
  var business: FatiguePolicy.BusinessLimit
  /// Nil while nothing of that name was ever counted.
  var businessName: UInt32?
  var sceneName: UInt32?

  var hasPriority: Bool { business.priority >= user.reservePriority }

  /// An instant earlier than the last reach is taken as that.
  func instant(last: Reach?) -> Instant { max(at, last?.at ?? at) }

  /// A change of zone never resets a day backwards.
  func countedDay(stored: Int64?, at now: Instant) -> Int64 { max(zone.day(now), stored ?? .min) }
}

// The check: it reads, and changes nothing.
extension Ledger {
  func verdict(on candidate: Candidate) -> FatigueVerdict {
    let last = last(of: candidate.businessName)
    let now = candidate.instant(last: last)
    let window = candidate.businessName.flatMap { openWindow(.business($0), at: now) }
    let sceneWindow = candidate.sceneName.flatMap { openWindow(.scene($0), at: now) }
    return FatigueVerdict(
      user: userReading(candidate, at: now),
      scene: candidate.scene.map { reading(sceneWindow, times: $0.times) },
      window: reading(window, times: candidate.business.times),
      gap: Self.gapReading(last, window: window, minGap: candidate.business.minGap, at: now),
      obeys: candidate.business.obeys)
  }

  /// What a repeated reservation is told: the dimensions as they are without the first, and that it passed.
  func verdict(onRepeated id: UInt64, _ candidate: Candidate) -> FatigueVerdict {
    var without = self
    if let index = without.reaches.lastIndex(where: { $0.id == id }) { without.release(index) }
    var verdict = without.verdict(on: candidate)
    verdict.reason = nil
    verdict.next = nil
    return verdict
  }

  private func userReading(_ candidate: Candidate, at now: Instant) -> FatigueVerdict.Reading {
    let today = candidate.countedDay(stored: day, at: now)
    let isNew = today != day
    let count = isNew ? 0 : reaches.count { $0.marks.contains(.day) }
    let priority = isNew ? 0 : reaches.count { $0.marks.contains(.priority) }
    let limit = Self.limit(candidate, priorityReaches: priority)
    guard count >= limit, Self.limit(candidate, priorityReaches: 0) > 0 else {
      return FatigueVerdict.Reading(count: count, limit: limit, next: nil)
    }
    return FatigueVerdict.Reading(
      count: count, limit: limit, next: candidate.zone.end(ofDay: today, after: now))
  }

  private static func limit(_ candidate: Candidate, priorityReaches: Int) -> Int {
    guard !candidate.hasPriority else { return candidate.user.perDay }
    let kept = max(0, max(0, candidate.user.reserve) - priorityReaches)
    let (limit, overflow) = candidate.user.perDay.subtractingReportingOverflow(kept)
    return overflow ? .min : limit
  }

  private func reading(_ window: Window?, times: Int) -> FatigueVerdict.Reading {
    guard let window else { return FatigueVerdict.Reading(count: 0, limit: times, next: nil) }
    let count = reaches.count { $0.isCounted(in: window.key) }
    let limit = min(window.times, times)
    return FatigueVerdict.Reading(count: count, limit: limit, next: count < limit || times < 1 ? nil : window.end)
  }

  private static func gapReading(
    _ last: Reach?, window: Window?, minGap: TimeSpan, at now: Instant
  ) -> FatigueVerdict.GapReading {
    guard let last, isRemembered(last: last, window: window, at: now) else {
      return FatigueVerdict.GapReading(passes: true, last: nil, minGap: minGap, next: nil)
    }
    let passes = now - last.at >= minGap
    // It passes when the gap is over, or when the key is forgotten, if that comes first.
    var forgotten = last.at.after(last.minGap)
    if let end = forgotten, let window { forgotten = window.end.map { max($0, end) } }
    let next = passes ? nil : [last.at.after(minGap), forgotten].compactMap(\.self).min()
    return FatigueVerdict.GapReading(passes: passes, last: last.at, minGap: minGap, next: next)
  }
}

extension Zone {
  /// The first instant after `now` of a later day than this; nil where there is none.
  func end(ofDay day: Int64, after now: Instant) -> Instant? {
    let (tomorrow, overflow) = day.addingReportingOverflow(1)
    guard !overflow else { return nil }
    var end = start(ofDay: tomorrow)
    if end <= now {
      // A clock set back over midnight shows a day twice, and so it ends twice: only what is yet to come matters.
      let offset = Int32(clamping: local(now).subtractingReportingOverflow(now.milliseconds).partialValue / 1000)
      let rest = Zone(name: name, initialOffset: offset, transitions: transitions.filter { $0.at > now })
      end = rest.start(ofDay: tomorrow)
    }
    return end > now && self.day(end) > day ? end : nil
  }
}
