import Model

/// A pattern matched as far as some step. Where the step may repeat, one attempt stands for both ways on:
/// taking one more, and leaving it at that.
struct Attempt: Hashable, Sendable {
  /// In order; never empty. Those of one step are neighbours.
  private(set) var taken: [Taken]
  /// It may take one more of its last step.
  var takesMore = false
  /// It may go on to the next step; at the last step, it waits for the absence's deadline.
  var goesOn = false
  /// Of its absence, while it waits at the last step.
  private(set) var deadline: Instant?

  init(_ taken: [Taken], _ pattern: Pattern) {
    self.taken = taken
    settle(pattern)
  }

  var first: Taken { taken[0] }
  var last: Taken { taken[taken.count - 1] }
  var step: Int { last.step }
  var isWaiting: Bool { goesOn && deadline != nil }
  var isOver: Bool { !takesMore && !goesOn }

  func adding(_ event: Taken, _ pattern: Pattern) -> Attempt {
    var attempt = self
    attempt.taken.append(event)
    attempt.settle(pattern)
    return attempt
  }

  /// Whether its last step has what the pattern wants and no absence is left to wait for.
  func isFinished(_ pattern: Pattern) -> Bool {
    pattern.absence == nil && step == pattern.steps.count - 1 && repetitions >= pattern.steps[step].times.lowerBound
  }

  func events(of step: Int) -> ArraySlice<Taken> {
    guard let from = taken.firstIndex(where: { $0.step == step }) else { return [] }
    return taken[from...].prefix { $0.step == step }
  }

  private var repetitions: Int {
    let step = step
    return taken.count - (taken.lastIndex { $0.step != step } ?? -1) - 1
  }

  /// What it may do after its last event.
  private mutating func settle(_ pattern: Pattern) {
    let times = pattern.steps[step].times
    let isLast = step == pattern.steps.count - 1
    let repetitions = repetitions
    takesMore = repetitions < times.upperBound
    goesOn = repetitions >= times.lowerBound && !(isLast && pattern.absence == nil)
    deadline = nil
    guard isLast, goesOn, let absence = pattern.absence else { return }
    switch absence {
    case .after(let span): deadline = last.at + span
    case .untilWithin: deadline = first.at + (pattern.within ?? .zero)
    }
  }

  /// The earliest instant at which time alone changes it.
  func nextDeadline(_ pattern: Pattern) -> Instant? {
    let expiry = pattern.within.map { first.at + $0 }
    guard isWaiting, let deadline else { return expiry }
    return takesMore ? min(deadline, expiry ?? deadline) : deadline
  }

  /// Gives up what can no longer come in time. A wait for a deadline is beyond the reach of `within`.
  mutating func expire(through instant: Instant, _ pattern: Pattern) {
    guard let within = pattern.within, first.at + within <= instant else { return }
    takesMore = false
    if !isWaiting { goesOn = false }
  }
}

extension Attempt: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(taken)
    writer.write(takesMore)
    writer.write(goesOn)
    writer.write(deadline)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    taken = try reader.read()
    guard !taken.isEmpty, taken.allSatisfy({ $0.step >= 0 }) else {
      throw BinaryError.invalid("an attempt with an event", at: reader.position)
    }
    takesMore = try reader.read()
    goesOn = try reader.read()
    deadline = try reader.read()
  }
}
