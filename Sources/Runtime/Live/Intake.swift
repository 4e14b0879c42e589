import AttuneModel
import Reach

/// What one caller hands in, and waits for.
struct Submission: Sendable {
  var inputs: [Input]
  var done: CheckedContinuation<Outcome, any Error>

  struct Outcome: Sendable {
    var acknowledgements: ArraySlice<Acknowledgement> = []
    var answers: ArraySlice<ReservationAnswer> = []
    /// In the order of the inputs that have one.
    var explanations: [Explanation] = []
  }

  /// Where the batch's effects speak of it.
  struct Place {
    var inputs: Range<Int>
    var answers: Range<Int>

    init(_ submission: Submission, after inputs: Int, _ answers: Int) {
      self.inputs = inputs..<inputs + submission.inputs.count
      let reservations = submission.inputs.count { if case .reserve = $0 { true } else { false } }
      self.answers = answers..<answers + reservations
    }
  }
}

extension Submission.Outcome {
  init(_ effects: Effects, _ place: Submission.Place) {
    acknowledgements = effects.acknowledgements[place.inputs]
    answers = effects.answers[place.answers]
    // Most batches have none.
    if !effects.explanations.isEmpty { explanations = place.inputs.compactMap { effects.explanations[$0] } }
  }
}

/// The door of the driver: who waits, in the order they came, and whether anybody is on the way to serve them.
struct Intake: Sendable {
  private let limit: Int
  private var waiting: [Submission] = []
  /// Inputs that wait or are being committed.
  private(set) var load = 0
  /// Inputs that are being committed.
  private var taken = 0
  private var isAwake = false
  private(set) var isStopped = false

  init(limit: Int) { self.limit = limit }

  /// Nothing waits, and more may come.
  var isIdle: Bool { waiting.isEmpty && !isStopped }

  /// Whether the caller has to wake the driver. An idle one takes a submission of any size.
  mutating func add(_ submission: Submission) -> Result<Bool, DriverError> {
    if isStopped { return .failure(.stopped) }
    guard load == 0 || load + submission.inputs.count <= limit else { return .failure(.overloaded) }
    load += submission.inputs.count
    waiting.append(submission)
    defer { isAwake = true }
    return .success(!isAwake)
  }

  /// The next ones to commit together, of at most `batch` inputs, or a larger one alone.
  mutating func take(_ batch: Int) -> [Submission] {
    var count = 0
    for submission in waiting {
      guard count == 0 || taken + submission.inputs.count <= batch else { break }
      taken += submission.inputs.count
      count += 1
    }
    defer { waiting.removeFirst(count) }
    return Array(waiting.prefix(count))
  }

  /// Those taken wait no more.
  mutating func finish() {
    load -= taken
    taken = 0
  }

  /// Whether more came meanwhile; if not, the next one to come wakes the driver.
  mutating func goOn() -> Bool {
    isAwake = !waiting.isEmpty
    return isAwake
  }

  /// False if it was stopped before.
  mutating func stop() -> Bool {
    defer { isStopped = true }
    return !isStopped
  }
}
