import AttuneModel

/// Where attempts began that a finished match ends.
struct SkippedStarts {
  private var skip: Pattern.Skip
  private var bound: EventPosition

  /// After a match of these events.
  init(after taken: [TakenEvent], _ pattern: Pattern) {
    // One wait per key: what it has used is used up.
    let skip = pattern.repetition == .restart ? .pastLast : pattern.skip
    let event: TakenEvent? =
      switch skip {
      case .none: nil
      case .toNext: taken.first
      case .pastLast: taken.last
      case .toFirst(let step): taken.first { $0.step == step }
      case .toLast(let step): taken.last { $0.step == step }
      }
    // A match without the step to skip to skips nothing.
    self.skip = event == nil ? .none : skip
    bound = event?.position ?? EventPosition(at: .distantPast, sequence: 0)
  }

  var isEmpty: Bool { skip == .none }

  func contains(_ start: EventPosition) -> Bool {
    switch skip {
    case .none: false
    case .toNext: start == bound
    case .pastLast: start <= bound
    case .toFirst, .toLast: start < bound
    }
  }
}
