public import AttuneModel

/// A pattern that was found.
public struct Match: Sendable, Hashable {
  public var rule: String
  public var version: Int
  public var user: String
  /// The values of the rule's key, in its order.
  public var key: [Value]
  /// The instant of the last matched event, or the absence's deadline.
  public var at: Instant
  /// What was matched, step by step.
  public var events: [MatchedStep]
  /// What the rule emits, in its order; what has no value is left out.
  public var emit: [Property]
  /// Record it, send nothing.
  public var shadow: Bool
}

/// The events one step took, in their order.
public struct MatchedStep: Sendable, Hashable {
  /// As the rule names it, or the event type when it does not.
  public var alias: String
  public var events: [MatchedEvent]
}

/// Names one event.
public struct MatchedEvent: Sendable, Hashable {
  /// The number it arrived under.
  public var sequence: UInt64
  public var id: String?
  public var at: Instant
}
