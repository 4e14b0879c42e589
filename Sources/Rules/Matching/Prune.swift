/// What a finished match does to the attempts beside it, by where they began.
struct Prune {
  private var skip: Pattern.Skip
  private var bound: Position

  init(after attempt: Attempt, _ pattern: Pattern) {
    // One wait per key: what it has used is used up.
    skip = pattern.repetition == .restart ? .pastLast : pattern.skip
    bound =
      switch skip {
      case .none, .toNext: attempt.first.position
      case .pastLast: attempt.last.position
      case .toFirst(let step): attempt.events(of: step).first?.position ?? attempt.first.position
      case .toLast(let step): attempt.events(of: step).last?.position ?? attempt.first.position
      }
  }

  func drops(_ start: Position) -> Bool {
    switch skip {
    case .none: false
    case .toNext: start == bound
    case .pastLast: start <= bound
    case .toFirst, .toLast: start < bound
    }
  }
}
