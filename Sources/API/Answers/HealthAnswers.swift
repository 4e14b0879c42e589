public import AttuneModel

/// The process answers.
public struct AliveAnswer: WireType, Hashable {
  public var status: String

  public init(status: String = "alive") { self.status = status }

  public static let about = "The process answers."
  public static let sample = AliveAnswer()
}

/// The hour it is, since the machine's clock was declared right.
public struct ClockAnswer: WireType, Hashable {
  public var clock: Instant
  public var before: Instant

  public init(clock: Instant, before: Instant) {
    self.clock = clock
    self.before = before
  }

  public static let about = "Time goes on from 'clock'."
  public static let notes = ["clock": "The hour it is.", "before": "Where the store's time stood until now."]
  public static let sample = ClockAnswer(
    clock: Instant(milliseconds: 1_795_315_976_996), before: Instant(milliseconds: 1_795_488_776_996))
}

/// Whether the server can do its work. Where it cannot, these are further members of the problem.
public struct ReadyAnswer: WireType, Hashable {
  /// What it was judged by.
  public struct Grounds: Codable, Hashable, Sendable {
    public var reasons: [String]
    public var waitingInputs: Int
    public var queuedMessages: Int
    public var oldestQueuedSeconds: Double

    /// - Parameter oldestQueuedSeconds: the age of the oldest message that waits to be sent.
    public init(reasons: [String], waitingInputs: Int, queuedMessages: Int, oldestQueuedSeconds: Double) {
      self.reasons = reasons
      self.waitingInputs = waitingInputs
      self.queuedMessages = queuedMessages
      self.oldestQueuedSeconds = oldestQueuedSeconds
    }
  }

  public var status: String
  public var reasons: [String]
  public var waitingInputs: Int
  public var queuedMessages: Int
  public var oldestQueuedSeconds: Double

  public init(_ grounds: Grounds) {
    status = "ready"
    reasons = grounds.reasons
    waitingInputs = grounds.waitingInputs
    queuedMessages = grounds.queuedMessages
    oldestQueuedSeconds = grounds.oldestQueuedSeconds
  }

  public static let about = "The server can do its work: the store can be written, the driver answers, messages leave."
  public static let notes = [
    "reasons": "Why it cannot; empty where it can.",
    "oldestQueuedSeconds": "The age of the oldest message that waits to be sent.",
  ]
  public static let sample = ReadyAnswer(
    Grounds(reasons: [], waitingInputs: 0, queuedMessages: 0, oldestQueuedSeconds: 0))
}
