import AttuneModel

// The check: it reads, and changes nothing.
extension Reaches {
  func verdict(on candidate: borrowing Candidate) -> FatigueVerdict {
    verdict(Survey(self, candidate), candidate)
  }

  func verdict(_ survey: Survey, _ candidate: borrowing Candidate) -> FatigueVerdict {
    let limits = candidate.limits
    return FatigueVerdict(
      user: userReading(survey, candidate),
      scene: limits.hasSceneLimit
        ? reading(
          survey.sceneOpener, count: survey.scene, times: limits.terms.sceneTimes, frozen: \.sceneTimes,
          length: \.sceneLength)
        : nil,
      window: reading(
        survey.windowOpener, count: survey.window, times: limits.terms.times, frozen: \.times, length: \.length),
      gap: gapReading(survey, minGap: limits.minGap), obeys: limits.obeys)
  }

  /// What a repeated reservation is told: the dimensions as they are without the first, and that it passed.
  func verdict(onRepeated index: Int, _ candidate: borrowing Candidate) -> FatigueVerdict {
    var copy = [UInt64](repeating: 0, count: Ledger.words(for: all.count))
    var verdict = copy.withUnsafeMutableBufferPointer { words in
      let copy = Ledger(words, count: all.count)
      all.copy(to: copy)
      Entries(all: copy, terms: terms).release(index)
      return Reaches(all: copy, terms: terms).verdict(on: candidate)
    }
    verdict.reason = nil
    verdict.next = nil
    return verdict
  }

  private func userReading(
    _ survey: Survey, _ candidate: borrowing Candidate
  ) -> FatigueVerdict.Reading {
    let isNew = survey.day != day
    let count = isNew ? 0 : survey.today
    let limit = Self.limit(candidate, priorityReaches: isNew ? 0 : survey.priority)
    guard count >= limit, Self.limit(candidate, priorityReaches: 0) > 0 else {
      return FatigueVerdict.Reading(count: count, limit: limit, next: nil)
    }
    return FatigueVerdict.Reading(
      count: count, limit: limit, next: candidate.zone.end(ofDay: survey.day, after: survey.now))
  }

  private static func limit(_ candidate: borrowing Candidate, priorityReaches: Int) -> Int {
    guard !candidate.limits.hasPriority else { return candidate.user.perDay }
    let kept = max(0, max(0, candidate.user.reserve) - priorityReaches)
    let (limit, overflow) = candidate.user.perDay.subtractingReportingOverflow(kept)
    return overflow ? .min : limit
  }

  private func reading(
    _ opener: Int?, count: Int, times: Int, frozen: KeyPath<Terms, Int>, length: KeyPath<Terms, TimeSpan>
  ) -> FatigueVerdict.Reading {
    guard let opener else { return FatigueVerdict.Reading(count: 0, limit: times, next: nil) }
    let terms = terms[Int(all[opener].terms)]
    let limit = min(terms[keyPath: frozen], times)
    let end = count < limit || times < 1 ? nil : all[opener].at.after(terms[keyPath: length])
    return FatigueVerdict.Reading(count: count, limit: limit, next: end)
  }

  private func gapReading(_ survey: Survey, minGap: TimeSpan) -> FatigueVerdict.GapReading {
    guard let index = survey.last, survey.remembersKey(self) else {
      return FatigueVerdict.GapReading(passes: true, last: nil, minGap: minGap, next: nil)
    }
    let last = all[index]
    if survey.now - last.at >= minGap {
      return FatigueVerdict.GapReading(passes: true, last: last.at, minGap: minGap, next: nil)
    }
    // It passes when the gap is over, or when the key is forgotten, if that comes first.
    var forgotten = last.at.after(terms[Int(last.terms)].minGap)
    if let end = forgotten, let opener = survey.windowOpener {
      let start = all[opener]
      forgotten = start.at.after(terms[Int(start.terms)].length).map { max($0, end) }
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
