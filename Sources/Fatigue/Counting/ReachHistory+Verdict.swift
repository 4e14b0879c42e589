import AttuneModel

// The check: it reads, and changes nothing.
extension ReachHistory {
  func verdict(on candidate: borrowing Candidate) -> FatigueVerdict {
    verdict(CandidateCounts(self, candidate), candidate)
  }

  func verdict(_ counts: CandidateCounts, _ candidate: borrowing Candidate) -> FatigueVerdict {
    let current = candidate.limits
    return FatigueVerdict(
      user: userReading(counts, candidate),
      scene: current.hasSceneLimit
        ? reading(
          counts.sceneOpener, count: counts.scene, times: current.frozen.sceneTimes, frozen: \.sceneTimes,
          length: \.sceneLength)
        : nil,
      window: reading(
        counts.windowOpener, count: counts.window, times: current.frozen.times, frozen: \.times, length: \.length),
      gap: gapReading(counts, minGap: current.minGap), obeys: current.obeys)
  }

  /// What a repeated reservation is told: the dimensions as they are without the first, and that it passed.
  func verdict(onRepeated index: Int, _ candidate: borrowing Candidate) -> FatigueVerdict {
    var copy = [UInt64](repeating: 0, count: UserRecord.words(for: all.count))
    var verdict = copy.withUnsafeMutableBufferPointer { words in
      let copy = UserRecord(words, count: all.count)
      all.copy(to: copy)
      HistoryEditor(all: copy, limits: limits).release(index)
      return ReachHistory(all: copy, limits: limits).verdict(on: candidate)
    }
    verdict.reason = nil
    verdict.next = nil
    return verdict
  }

  private func userReading(
    _ counts: CandidateCounts, _ candidate: borrowing Candidate
  ) -> FatigueVerdict.Reading {
    let isNew = counts.day != day
    let count = isNew ? 0 : counts.today
    let limit = Self.limit(candidate, priorityReaches: isNew ? 0 : counts.priority)
    guard count >= limit, Self.limit(candidate, priorityReaches: 0) > 0 else {
      return FatigueVerdict.Reading(count: count, limit: limit, next: nil)
    }
    return FatigueVerdict.Reading(
      count: count, limit: limit, next: candidate.zone.end(ofDay: counts.day, after: counts.now))
  }

  private static func limit(_ candidate: borrowing Candidate, priorityReaches: Int) -> Int {
    guard !candidate.limits.hasPriority else { return candidate.user.perDay }
    let kept = max(0, max(0, candidate.user.reserve) - priorityReaches)
    let (limit, overflow) = candidate.user.perDay.subtractingReportingOverflow(kept)
    return overflow ? .min : limit
  }

  private func reading(
    _ opener: Int?, count: Int, times: Int, frozen: KeyPath<FrozenLimits, Int>, length: KeyPath<FrozenLimits, TimeSpan>
  ) -> FatigueVerdict.Reading {
    guard let opener else { return FatigueVerdict.Reading(count: 0, limit: times, next: nil) }
    let its = limits[Int(all[opener].limits)]
    let limit = min(its[keyPath: frozen], times)
    let end = count < limit || times < 1 ? nil : all[opener].at.after(its[keyPath: length])
    return FatigueVerdict.Reading(count: count, limit: limit, next: end)
  }

  private func gapReading(_ counts: CandidateCounts, minGap: TimeSpan) -> FatigueVerdict.GapReading {
    guard let index = counts.last, counts.remembersKey(self) else {
      return FatigueVerdict.GapReading(passes: true, last: nil, minGap: minGap, next: nil)
    }
    let last = all[index]
    if counts.now - last.at >= minGap {
      return FatigueVerdict.GapReading(passes: true, last: last.at, minGap: minGap, next: nil)
    }
    // It passes when the gap is over, or when the key is forgotten, if that comes first.
    var forgotten = last.at.after(limits[Int(last.limits)].minGap)
    if let end = forgotten, let opener = counts.windowOpener {
      let start = all[opener]
      forgotten = start.at.after(limits[Int(start.limits)].length).map { max($0, end) }
    }
    let over = last.at.after(minGap)
    let next = if let over, let forgotten { min(over, forgotten) } else { over ?? forgotten }
    return FatigueVerdict.GapReading(passes: false, last: last.at, minGap: minGap, next: next)
  }
}

extension Instant {
  /// The instant a span later; nil where there is none.
  func after(_ span: TimeSpan) -> Instant? {
    let (value, overflow) = milliseconds.addingReportingOverflow(span.milliseconds)
    return overflow ? nil : Instant(milliseconds: value)
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
