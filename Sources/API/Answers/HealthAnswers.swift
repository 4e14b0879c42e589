/// The process answers.
public struct AliveAnswer: WireType, Hashable {
  public var status: String

  public init(status: String = "alive") { self.status = status }

  public static let about = "The process answers."
  public static let sample = AliveAnswer()
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
