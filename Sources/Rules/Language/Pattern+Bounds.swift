import AttuneModel

extension Pattern {
  /// A trailing `notNext` alone: the very next event decides.
  var endsWithNext: Bool { absence == nil && steps.last?.forbiddenNext.isEmpty == false }

  /// Whether a complete chain still waits for something.
  var endsInWait: Bool { absence != nil || endsWithNext }

  /// With the power of how many events in a row open attempts can grow; nil is exponentially.
  var growth: Int? {
    var power = steps.firstAccumulating(despiteGaps: true) == nil && (repetition == .restart || absence == nil) ? 0 : 1
    for (index, step) in steps.enumerated() {
      let isLast = index == steps.count - 1 && !endsInWait
      // A last step that is full is a match, and open no longer.
      if index > 0, step.follows == .any, !isLast || step.times.upperBound > 1 { power += 1 }
      guard step.repeats == .any, step.times.upperBound > 1 else { continue }
      guard step.times.upperBound < .max else { return nil }
      power += step.times.upperBound - (isLast ? 2 : 1)
    }
    return power
  }

  /// No attempt lives longer than this after its first event; `.max` when nothing but events ends it.
  var lifetime: TimeSpan {
    let gaps = endsWithNext ? nil : steps.spanOfGaps
    guard let matched = [within, gaps].compactMap({ $0 }).min() else { return TimeSpan(milliseconds: .max) }
    guard case .after(let span) = absence else { return absence == .untilWithin ? within ?? matched : matched }
    let (sum, overflow) = matched.milliseconds.addingReportingOverflow(span.milliseconds)
    return TimeSpan(milliseconds: overflow ? .max : sum)
  }
}

// What bounds an attempt where there is no `within`.
extension [Pattern.Step] {
  /// The most events one match can have; nil when there is no most.
  var mostEvents: Int? {
    contains { $0.times.upperBound == .max } ? nil : reduce(0) { $0 + $1.times.upperBound }
  }

  /// The longest way from the first matched event to the last, by gaps alone; nil when there is none.
  var spanOfGaps: TimeSpan? {
    var sum = TimeSpan.zero
    for (index, step) in enumerated() where index > 0 || step.times.upperBound > 1 {
      guard let gap = step.gap, step.times.upperBound < .max else { return nil }
      let links = Int64(step.times.upperBound - (index == 0 ? 1 : 0))
      let (span, isLonger) = gap.milliseconds.multipliedReportingOverflow(by: links)
      let (total, isLongest) = sum.milliseconds.addingReportingOverflow(span)
      sum = TimeSpan(milliseconds: isLonger || isLongest ? .max : total)
    }
    return sum
  }

  /// The first step that an attempt may wait for without an end in time.
  var firstWithoutGap: Int? {
    indices.first { self[$0].gap == nil && ($0 > 0 || self[$0].times.upperBound > 1) }
  }

  /// The first step at which attempts pile up, because so many events do not end the wait. A gap limits the time of
  /// that, and not the number.
  func firstAccumulating(despiteGaps: Bool) -> Int? {
    indices.first { index in
      let step = self[index]
      guard despiteGaps || step.gap == nil, index > 0 || step.times.upperBound > 1 else { return false }
      if step.times.upperBound == .max || index > 0 && step.follows != .strict { return true }
      guard step.times.upperBound > 1, step.repeats != .strict else { return false }
      // Of a first step every event that fits goes into all open attempts, as long as nothing else chooses.
      return index > 0 || step.repeats == .any || step.same != nil || step.distinct != nil
    }
  }

  /// Whether one event there leaves two ways on that both may take later events of its kind.
  func branches(at index: Int) -> Bool {
    let step = self[index]
    return index > 0 && step.follows == .any || step.repeats == .any && step.times.upperBound > 1
  }
}
