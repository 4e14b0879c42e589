import Model

extension Pattern {
  /// What follows from the steps, worked out once.
  struct Plan: Sendable {
    /// By step: the ways on once it has enough repetitions.
    var onward: [Attempt.Options] = []
    /// By step: whether the pattern is complete there, in an event.
    var completes: [Bool] = []
    /// Steps an attempt may begin with, as bits.
    var openings: UInt32 = 0
    /// By step: whether its condition asks for earlier events.
    var asksEarlier: [Bool] = []
    /// By step: whether a taken event keeps anything.
    var keeps: [Bool] = []
    /// Whether it matters which event is the very next.
    var isStrict = false
    /// Whether every event of its key can matter to it.
    var seesAll = false
    var hasGaps = false
    /// A first step `times: n` slides over the last n events that fit; it needs them once, not once per attempt.
    var ringSize: Int?

    init(_ steps: [Step], _ absence: Absence?) {
      guard let last = steps.last else { return }
      isStrict = steps.contains { $0.repeats == .strict || !$0.forbiddenNext.isEmpty }
      isStrict = isStrict || steps.dropFirst().contains { $0.follows == .strict }
      seesAll = isStrict || steps.contains { $0.until != nil }
      hasGaps = steps.contains { $0.gap != nil }
      asksEarlier = steps.map { $0.fit.condition?.term.asksEarlier ?? false }
      keeps = steps.map { !$0.kept.isEmpty || !$0.objects.isEmpty || $0.same != nil || $0.distinct != nil }
      let atEnd: Attempt.Options? = absence != nil ? .wait : last.forbiddenNext.isEmpty ? nil : .close
      for index in steps.indices {
        var ways: Attempt.Options = []
        var next = index + 1
        while next < steps.count {
          ways.insert(.enter(next))
          if !steps[next].isOptional { break }
          next += 1
        }
        let isComplete = next == steps.count
        if isComplete, let atEnd { ways.insert(atEnd) }
        onward.append(ways)
        completes.append(isComplete && atEnd == nil)
      }
      for index in steps.indices {
        openings |= 1 << UInt32(index)
        if !steps[index].isOptional { break }
      }
      ringSize = Self.ringSize(of: steps[0])
    }

    private static func ringSize(of first: Step) -> Int? {
      let times = first.times
      let isPlain =
        first.repeats == .relaxed && first.gap == nil && first.same == nil && first.distinct == nil
        && first.until == nil && !first.isOptional
      return isPlain && times.lowerBound == times.upperBound && times.lowerBound > 1 ? times.lowerBound : nil
    }
  }
}

extension Term {
  /// Whether it looks at events matched before the one at hand.
  var asksEarlier: Bool {
    var found = false
    visit {
      switch $0 {
      case .taken, .takenTime, .aggregate: found = true
      default: break
      }
    }
    return found
  }
}
