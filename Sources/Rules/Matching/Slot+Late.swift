import Model

// What a late event does: it only takes away.
extension Slot {
  mutating func cancel(_ arrival: Arrival) {
    if let without = arrival.pattern.without, without.contains(arrival.event.name) { forbid(from: arrival.event.at) }
    attempts.removeAll { $0.isBroken(by: arrival) }
    for index in attempts.indices where attempts[index].isStopped(by: arrival) { attempts[index].goesOn = false }
    attempts.removeAll(where: \.isOver)
  }
}

extension Attempt {
  /// Whether the event falls between two steps where it is forbidden.
  fileprivate func isBroken(by arrival: Arrival) -> Bool {
    (0..<step).contains { earlier in
      guard let from = events(of: earlier).last?.at, let to = events(of: earlier + 1).first?.at,
        from <= arrival.event.at, arrival.event.at < to
      else { return false }
      return isForbidden(arrival, after: earlier)
    }
  }

  /// Whether it keeps the attempt from going on, or from reaching its deadline.
  fileprivate func isStopped(by arrival: Arrival) -> Bool {
    guard goesOn, last.at <= arrival.event.at, arrival.event.at < deadline ?? .distantFuture else { return false }
    return isForbidden(arrival, after: step)
  }

  private func isForbidden(_ arrival: Arrival, after step: Int) -> Bool {
    arrival.pattern.steps.indices.contains(step)
      && arrival.pattern.steps[step].forbidden.contains { arrival.isAccepted(by: $0, after: self) }
  }
}
