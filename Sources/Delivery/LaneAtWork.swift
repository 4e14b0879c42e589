import AttuneModel
import Lanes

/// A lane, and what it is about to be told, to do and to wait for.
struct LaneAtWork {
  var lane: Lane
  let channel: any Channel
  /// Not told yet.
  var inbox: [LaneEvent] = []
  /// Not done yet; the first one may be half done, or have failed.
  var actions: [LaneAction] = []
  /// In the channel's hands.
  var flights: [UInt64: Task<Void, Never>] = [:]
  /// Till the lane wants to be woken.
  var timer: Task<Void, Never>?
  /// Somebody works on it.
  var isBusy = false
  var isStopped = false
  /// Outbox or journal failed when it had stopped: the next start goes on.
  var hasGivenUp = false
  var failures = 0

  init(_ id: LaneID, _ channel: any Channel, _ defaults: LaneSettings) {
    self.channel = channel
    lane = Lane(id, settings: channel.settings(of: id.class, from: defaults))
  }

  var hasWork: Bool { !inbox.isEmpty || !actions.isEmpty }
  /// Something is left to be done, or will be.
  var isOpen: Bool { hasWork || !flights.isEmpty }
  var isAtRest: Bool { hasGivenUp || isStopped && !isBusy && !hasWork && lane.isIdle }

  /// What is to be done first; nil if there is nothing.
  mutating func next(at now: Instant, isStopping: Bool) -> LaneAction? {
    while actions.isEmpty {
      if isStopping, !isStopped {
        isStopped = true
        actions = lane.handle(.stop, at: now)
      } else if inbox.isEmpty {
        return nil
      } else {
        actions = lane.handle(inbox.removeFirst(), at: now)
      }
    }
    return actions[0]
  }
}

/// In place of a channel that is not there any more.
struct MissingChannel: Channel {
  let name: String

  func deliver(_ dispatches: [Dispatch]) async -> [DeliveryResult] {
    dispatches.map { _ in DeliveryResult(.failed(.noChannel)) }
  }

  /// It may have delivered before.
  func recall(_ messages: [Message]) async -> [DeliveryResult?] { messages.map { _ in DeliveryResult(.unknown) } }
}
