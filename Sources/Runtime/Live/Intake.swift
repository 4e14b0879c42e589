import DequeModule
import Reach

/// What one caller hands in, and waits for.
struct Submission: Sendable {
  let inputs: [Input]
  let done: CheckedContinuation<Outcome, any Error>
  /// That of its least urgent input.
  let `class`: InputClass

  init(inputs: [Input], done: CheckedContinuation<Outcome, any Error>) {
    self.inputs = inputs
    self.done = done
    `class` = inputs.lazy.map(\.class).max() ?? .events
  }

  struct Outcome: Sendable {
    var acknowledgements: ArraySlice<Acknowledgement> = []
    var answers: ArraySlice<ReservationAnswer> = []
    /// In the order of the inputs that have one.
    var explanations: [Explanation] = []
  }
}

/// What is committed together, and who waits for it.
struct CommitGroup: Sendable {
  private(set) var inputs: [Input]
  private var members: [Member] = []

  private struct Member: Sendable {
    var submission: Submission
    /// Where the batch's effects speak of it.
    var inputs: Range<Int>
    var answers: Range<Int>
  }

  /// - Parameter zones: come before all others.
  init(_ submissions: [Submission], zones: [Input]) {
    inputs = zones
    members.reserveCapacity(submissions.count)
    var answers = 0
    for submission in submissions {
      let first = inputs.count
      inputs += submission.inputs
      let reservations = submission.inputs.count { if case .reserve = $0 { true } else { false } }
      members.append(
        Member(submission: submission, inputs: first..<inputs.count, answers: answers..<answers + reservations))
      answers += reservations
    }
  }

  func succeed(_ effects: Effects) {
    for member in members {
      var outcome = Submission.Outcome(
        acknowledgements: effects.acknowledgements[member.inputs], answers: effects.answers[member.answers])
      // Most batches have none.
      if !effects.explanations.isEmpty { outcome.explanations = member.inputs.compactMap { effects.explanations[$0] } }
      member.submission.done.resume(returning: outcome)
    }
  }

  func fail(_ error: any Error) {
    for member in members { member.submission.done.resume(throwing: error) }
  }
}

/// The door of the driver: who waits, by class and in the order they came, and whether anybody is on the way to serve
/// them.
struct Intake: Sendable {
  /// What waits in one class.
  private struct Line: Sendable {
    var waiting: Deque<Submission> = []
    /// Inputs that wait or are being committed.
    var load = 0
    /// Inputs that are being committed.
    var taken = 0

    /// The next one, if it fits into so much room.
    mutating func take(upTo room: Int) -> Submission? {
      guard let next = waiting.first, next.inputs.count <= room else { return nil }
      taken += next.inputs.count
      return waiting.removeFirst()
    }

    mutating func finish() {
      load -= taken
      taken = 0
    }
  }

  /// Inputs of one class.
  private let limit: Int
  private var lines = Array(repeating: Line(), count: InputClass.allCases.count)
  private var isAwake = false
  private(set) var isStopped = false
  /// Why nothing can be taken in now.
  private var failure: (any Error)?

  init(limit: Int) { self.limit = limit }

  /// Inputs that wait or are being committed.
  var load: Int { lines.reduce(0) { $0 + $1.load } }

  func load(of class: InputClass) -> Int { lines[`class`.rawValue].load }

  /// Nothing waits, and more may come.
  var isIdle: Bool { lines.allSatisfy(\.waiting.isEmpty) && !isStopped && failure == nil }

  /// Whether the caller has to wake the driver. A class in which nothing waits takes a submission of any size.
  mutating func add(_ submission: Submission) -> Result<Bool, any Error> {
    if let refusal = refusal(of: submission.class, submission.inputs.count) { return .failure(refusal) }
    lines[submission.class.rawValue].load += submission.inputs.count
    lines[submission.class.rawValue].waiting.append(submission)
    defer { isAwake = true }
    return .success(!isAwake)
  }

  /// Why so many inputs would not be taken in now; nil if they would.
  func refusal(of class: InputClass, _ count: Int) -> (any Error)? {
    if isStopped { return DriverError.stopped }
    if let failure { return failure }
    let load = load(of: `class`)
    return load == 0 || load + count <= limit ? nil : DriverError.overloaded
  }

  /// The next ones to commit together: of each class that waits at least one, whatever its size, so that none waits for
  /// longer than a batch, and a part of its own; then what there is still room for, the first classes first.
  ///
  /// - Parameters:
  ///   - batch: inputs that a batch should have now.
  ///   - part: of each class but events, which are what makes a batch long.
  mutating func take(_ batch: Int, part: Int) -> [Submission] {
    var taken: [[Submission]] = Array(repeating: [], count: lines.count)
    for index in lines.indices {
      let own = index == InputClass.events.rawValue ? min(part, batch) : part
      var next = lines[index].take(upTo: .max)
      while let one = next {
        taken[index].append(one)
        next = lines[index].take(upTo: own - lines[index].taken)
      }
    }
    var room = batch - lines.reduce(0) { $0 + $1.taken }
    for index in lines.indices {
      while let one = lines[index].take(upTo: room) {
        room -= one.inputs.count
        taken[index].append(one)
      }
    }
    return taken.flatMap(\.self)
  }

  /// Those taken wait no more.
  mutating func finish() {
    for index in lines.indices { lines[index].finish() }
  }

  /// Whether more came meanwhile; if not, the next one to come wakes the driver.
  mutating func goOn() -> Bool {
    isAwake = failure == nil && lines.contains { !$0.waiting.isEmpty }
    return isAwake
  }

  /// Takes nothing more in until `recover`; those who wait are to be told.
  mutating func fail(_ error: any Error) -> [Submission] {
    failure = error
    return turnAway()
  }

  /// Everybody who waits.
  private mutating func turnAway() -> [Submission] {
    lines.indices.flatMap { index in
      defer {
        lines[index].load = lines[index].taken
        lines[index].waiting = []
      }
      return Array(lines[index].waiting)
    }
  }

  mutating func recover() { failure = nil }

  /// False if it was stopped before.
  mutating func stop() -> Bool {
    defer { isStopped = true }
    return !isStopped
  }
}
