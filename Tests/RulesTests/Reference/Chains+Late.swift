import AttuneModel

// Late events, where no match skips another: what each takes away, chain by chain.
extension Chains {
  /// An event that came when time had already come to `watermark`.
  struct Late {
    var entry: Entry
    var watermark: Int64
  }

  enum Fate { case matched, retracted }

  /// By match, in no order; those that late events prevented are left out.
  func fates(_ lates: [Late], retraction: Int64) -> [(match: Match, fate: Fate)] {
    complete().compactMap { one in
      guard let match = match(one), judge.passesHaving(one.chain) else { return nil }
      for late in lates where prevents(late.entry, match) {
        // Told already: an absence can be taken back for some time, an event that came has come.
        guard match.at <= late.watermark else { return nil }
        let isAbsence = match.decider == nil
        if isAbsence, late.watermark - match.at < retraction { return (match, .retracted) }
      }
      return (match, .matched)
    }
  }

  /// Whether it would have kept the chain from matching, as far as `not` and `without` say.
  private func prevents(_ late: Entry, _ match: Match) -> Bool {
    let chain = match.found.chain
    if judge.isForbiddenThroughout(late), chain.start < late, isBeforeTheEnd(late, match) { return true }
    let isBetween = chain.indices.dropLast().contains { index in
      let (from, to) = (chain[index], chain[index + 1])
      return from.entry < late && late < to.entry && from.step < to.step
        && judge.isForbidden(late, after: from.step, before: to.step, Array(chain[...index]))
    }
    let isAfter =
      !judge.sketch.endsInEvent && chain.end < late && isBeforeTheEnd(late, match)
      && judge.isForbidden(late, after: chain.step, before: judge.sketch.steps.count, chain)
    return isBetween || isAfter
  }

  /// At the deadline it comes too late; of equal instants the late one comes last.
  private func isBeforeTheEnd(_ late: Entry, _ match: Match) -> Bool {
    if let decider = match.decider { return late < entries[decider] }
    return late.at < match.at
  }
}
