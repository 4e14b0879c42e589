/// A message taken out of the outbox by one taker, and what earlier tries left behind.
public struct Claim: Hashable, Sendable {
  public var message: Message
  /// How often it was handed to its channel before.
  public var attempts: Int
  /// An earlier try ended without an answer: the user may have got it, so it can never again be called failed.
  public var doubtful: Bool

  public init(message: Message, attempts: Int = 0, doubtful: Bool = false) {
    self.message = message
    self.attempts = attempts
    self.doubtful = doubtful
  }
}

/// A claimed message going back into the outbox, for another try under the same id.
public struct Retry: Hashable, Sendable {
  public var message: CandidateID
  /// When it is due again; it stays due when it was where this is no attempt.
  public var notBefore: Instant
  /// This try ended without an answer. A doubt once noted stays.
  public var doubtful: Bool
  /// Whether it counts as an attempt: not where the channel pauses, or never had the message.
  public var isAttempt: Bool

  public init(message: CandidateID, notBefore: Instant, doubtful: Bool = false, isAttempt: Bool = true) {
    self.message = message
    self.notBefore = notBefore
    self.doubtful = doubtful
    self.isAttempt = isAttempt
  }
}

/// How many messages the outbox holds in each state.
public struct OutboxCounts: Hashable, Sendable {
  /// To be sent, or to be tried again.
  public var queued: Int
  /// Handed to a channel, no answer yet.
  public var claimed: Int
  /// Taken out so that nobody sends them (expired, recalled), not settled yet.
  public var withheld: Int
  /// Of those not yet purged.
  public var settled: [Settlement.Outcome: Int]
  /// When the oldest queued message was decided.
  public var oldestQueued: Instant?

  public init(
    queued: Int = 0, claimed: Int = 0, withheld: Int = 0, settled: [Settlement.Outcome: Int] = [:],
    oldestQueued: Instant? = nil
  ) {
    self.queued = queued
    self.claimed = claimed
    self.withheld = withheld
    self.settled = settled
    self.oldestQueued = oldestQueued
  }
}
