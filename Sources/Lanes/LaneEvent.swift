public import AttuneModel

/// What a lane is told.
public enum LaneEvent: Hashable, Sendable {
  /// Something may be due: there are new messages, or it is time to look.
  case wake
  /// What the outbox gave for the last `claim`.
  case claimed([Claim])
  /// What the channel answered to a dispatch, in its order. An answer that is missing counts as none.
  case answered(UInt64, [DeliveryResult?])
  /// At a start: messages that were claimed when the process before this one ended.
  case found([Claim])
  /// Messages of this lane that nobody is to send any more, expired or taken back; the outbox withholds them.
  case withheld([Claim])
  /// Claim nothing more: the process is about to end.
  case stop
}

/// What a lane wants done, in this order.
public enum LaneAction: Hashable, Sendable {
  /// Claim at most so many messages, and tell with `claimed`, also if there are none.
  case claim(limit: Int)
  /// Hand these to the channel, and tell with `answered` under this number.
  case dispatch(UInt64, [Claim])
  /// Ask the channel what became of these, and tell with `answered` under this number.
  case recall(UInt64, [Claim])
  /// Journal how these ended.
  case settle([Settlement])
  /// Put these back into the outbox.
  case requeue([Retry])
  /// Wake the lane then, in place of what was asked before.
  case wait(until: Instant)
  /// Tell the operator.
  case report(LaneTrouble)
}

/// Why a lane does not send for a while.
public struct LaneTrouble: Error, Hashable, Sendable, CustomStringConvertible {
  public var lane: LaneID
  public var until: Instant
  public var code: Code
  public var reason: String

  public enum Code: Hashable, Sendable {
    /// The channel asked for it.
    case paused
    /// The channel does not answer.
    case silent
  }

  public init(lane: LaneID, until: Instant, code: Code, reason: String) {
    self.lane = lane
    self.until = until
    self.code = code
    self.reason = reason
  }

  public var description: String {
    let what = code == .paused ? "is paused" : "waits"
    return "the lane \(lane) \(what) until \(until.milliseconds) (ms since 1970): \(reason)"
  }
}
