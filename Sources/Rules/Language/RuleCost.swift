import Model

extension Pattern {
  /// The power of the number of events in the window with which open attempts can grow; nil when it is exponential.
  var growth: Int? {
    // Each event that fits the first step starts an attempt, unless so many events end it.
    var power = steps.firstAccumulating == nil ? 0 : 1
    for (index, step) in steps.enumerated() {
      if index > 0, step.follows == .any, index < steps.count - 1 || step.times.upperBound > 1 || endsInWait {
        power += 1
      }
      guard step.repeats == .any, step.times.upperBound > 1 else { continue }
      guard step.times.upperBound < .max else { return nil }
      // A last step that is full is a match, and open no longer.
      power += step.times.upperBound - (index == steps.count - 1 && !endsInWait ? 2 : 1)
    }
    return power
  }

  private var endsInWait: Bool { absence != nil || endsWithNext }
}

extension [Pattern.Step] {
  /// Whether one event there leaves two ways on that both may take later events of its kind.
  func branches(at index: Int) -> Bool {
    let step = self[index]
    return index > 0 && step.follows == .any || step.repeats == .any && step.times.upperBound > 1
  }
}
