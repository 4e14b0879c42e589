import AttuneModel

/// What a finished match does to the attempts beside it, by where they began.
struct Prune {
  private var skip: Pattern.Skip
  private var bound: Position

  /// After a match of these events.
  init(after taken: [Taken], _ pattern: Pattern) {
    // One wait per key: what it has used is used up.
    let skip = pattern.repetition == .restart ? .pastLast : pattern.skip
    let event: Taken? =
      switch skip {
      case .none: nil
      case .toNext: taken.first
      case .pastLast: taken.last
      case .toFirst(let step): taken.first { $0.step == step }
      case .toLast(let step): taken.last { $0.step == step }
      }
    // A match without the step to skip to skips nothing.
    self.skip = event == nil ? .none : skip
    bound = event?.position ?? Position(at: .distantPast, sequence: 0)
  }

  var dropsNothing: Bool { skip == .none }

  func drops(_ start: Position) -> Bool {
    switch skip {
    case .none: false
    case .toNext: start == bound
    case .pastLast: start <= bound
    case .toFirst, .toLast: start < bound
    }
  }
}
