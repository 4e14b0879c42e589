import AttuneModel

/// A pattern matched as far as some step, with what it may do next. Where there are several ways on, one attempt
/// stands for all of them until an event tells them apart.
struct Attempt: Sendable {
  /// Of its chain of taken events; it holds a reference to the last.
  var first: Handle
  var last: Handle
  /// While it waits, the absence's deadline; else when it can no longer match.
  var until: Instant
  var moves: Pattern.Moves
  /// The next attempt of its slot.
  var next = Handle.none

  var isWaiting: Bool { moves.contains(.wait) }
  var isOver: Bool { moves.subtracting(.fresh).isEmpty }
}

// How long it lasts, and what concerns it.
extension Attempt {
  /// When it matches unless something forbids it; `.distantFuture` for a pattern that does not end in an absence.
  func deadline(_ pattern: Pattern, in chains: borrowing EventChains) -> Instant {
    let deadline =
      switch pattern.absence {
      case .after(let span): chains[last].at + span
      case .untilWithin: chains[first].at + (pattern.within ?? .zero)
      case nil: Instant.distantFuture
      }
    return min(deadline, .endOfWaits)
  }

  /// From when on no event can take it further.
  func expiry(_ pattern: Pattern, in chains: borrowing EventChains) -> Instant {
    let expiry = pattern.within.map { min(chains[first].at + $0, .endOfWaits) } ?? .endOfWaits
    guard pattern.plan.hasGaps else { return expiry }
    let last = chains[last]
    var latest = Instant.distantPast
    func allow(_ gap: TimeSpan?) { latest = max(latest, gap.map { last.at + $0 } ?? .distantFuture) }
    if moves.contains(.repeat), last.step < pattern.plan.steps.count { allow(pattern.plan.steps[last.step].gap) }
    if moves.contains(.close) { latest = .distantFuture }
    var entries = moves.entries & ((1 << UInt32(pattern.plan.steps.count)) - 1)
    while entries != 0 {
      allow(pattern.plan.steps[entries.trailingZeroBitCount].gap)
      entries &= entries - 1
    }
    return min(expiry, latest)
  }

  /// The bits of `Slot.watch`: steps it may take an event for, and steps whose absences concern it.
  func watch(_ pattern: Pattern, in chains: borrowing EventChains) -> UInt32 {
    let step = chains[last].step
    var bits = moves.entries
    if moves.contains(.repeat) { bits |= 1 << UInt32(step) }
    let onward = moves.subtracting([.repeat, .fresh])
    if !onward.isEmpty {
      // Everything from its step up to the last one it may pass over.
      let end =
        onward.isDisjoint(with: [.wait, .close]) ? 31 - onward.entries.leadingZeroBitCount : pattern.plan.steps.count
      for passed in step..<max(step, min(end, pattern.plan.steps.count)) where pattern.plan.steps[passed].isGreedy {
        bits |= 1 << UInt32(passed)
      }
      bits |= ((1 << UInt32(end)) &- (1 << UInt32(step))) << 16
    }
    return bits
  }
}

extension Instant {
  /// Before the end of time, so that every wait comes to its end.
  fileprivate static let endOfWaits = Instant(milliseconds: .max - 1)
}
