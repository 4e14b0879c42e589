import AttuneModel

extension Pattern {
  /// What an attempt may do next. Bits 0 to 15: it may enter that step.
  struct Moves: OptionSet, Hashable, Sendable {
    var rawValue: UInt32

    /// It may take one more of its last step.
    static let `repeat` = Moves(rawValue: 1 << 16)
    /// It waits for the absence's deadline.
    static let wait = Moves(rawValue: 1 << 17)
    /// It matches unless the very next event is forbidden.
    static let close = Moves(rawValue: 1 << 18)
    /// No event of the key has come since its last.
    static let fresh = Moves(rawValue: 1 << 19)

    static func enter(_ step: Int) -> Moves { Moves(rawValue: 1 << UInt32(step)) }

    /// The steps it may enter.
    var entries: UInt32 { rawValue & 0xFFFF }
  }

  /// What follows from the steps, worked out once; plain values, because every event asks for them.
  final class Plan: Sendable {
    let steps: [StepPlan]
    /// Steps an attempt may begin with, as bits.
    let openings: UInt32
    /// Whether it matters which event is the very next.
    let isStrict: Bool
    /// Whether every event of its key can matter to it.
    let seesAll: Bool
    let hasGaps: Bool
    /// Whether a match waits for attempts that began before it, as whatever skips does in Flink. An absence fires at its
    /// deadline.
    let holdsBack: Bool
    /// A first step `times: n` slides over the last n events that fit; it needs them once, not once per attempt.
    let ringSize: Int?

    struct StepPlan: Sendable {
      var times: ClosedRange<Int>
      var follows: Contiguity
      var repeats: Contiguity
      var gap: TimeSpan?
      var isGreedy: Bool
      var hasCondition: Bool
      /// Whether the condition asks for earlier events.
      var asksEarlier: Bool
      var hasUntil: Bool
      var hasForbiddenNext: Bool
      /// Whether it has `same` or `distinct`.
      var isSelective: Bool
      /// Whether a taken event keeps anything.
      var keeps: Bool
      /// The ways on once it has enough repetitions.
      var onward: Moves = []
      /// Whether the pattern is complete there, in an event.
      var completes = false
    }

    init(_ steps: [Step], _ absence: Absence?, skips: Bool) {
      var plans = steps.map(StepPlan.init)
      isStrict =
        plans.contains { $0.repeats == .strict || $0.hasForbiddenNext }
        || plans.dropFirst().contains { $0.follows == .strict }
      seesAll = isStrict || plans.contains(where: \.hasUntil)
      hasGaps = plans.contains { $0.gap != nil }
      holdsBack = absence == nil && skips
      let endsInNext = plans.last?.hasForbiddenNext ?? false
      let atEnd: Moves? = absence != nil ? .wait : endsInNext ? .close : nil
      for index in steps.indices {
        var next = index + 1
        while next < steps.count {
          plans[index].onward.insert(.enter(next))
          if !steps[next].isOptional { break }
          next += 1
        }
        guard next == steps.count else { continue }
        plans[index].completes = atEnd == nil
        if let atEnd { plans[index].onward.insert(atEnd) }
      }
      var openings: UInt32 = 0
      for index in steps.indices {
        openings |= 1 << UInt32(index)
        if !steps[index].isOptional { break }
      }
      self.openings = openings
      ringSize = steps.first.flatMap(Self.ringSize)
      self.steps = plans
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

extension Pattern.Plan.StepPlan {
  fileprivate init(_ step: Pattern.Step) {
    times = step.times
    follows = step.follows
    repeats = step.repeats
    gap = step.gap
    isGreedy = step.isGreedy
    hasCondition = step.fit.condition != nil
    asksEarlier = step.fit.condition?.term.asksEarlier ?? false
    hasUntil = step.until != nil
    hasForbiddenNext = !step.forbiddenNext.isEmpty
    isSelective = step.same != nil || step.distinct != nil
    keeps = !step.kept.isEmpty || !step.objects.isEmpty || isSelective
  }
}
