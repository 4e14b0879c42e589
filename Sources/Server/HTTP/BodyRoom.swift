import HTTPTypes
import Synchronization

/// The memory for bodies, of all requests together.
final class BodyMemory: Sendable {
  /// In bytes.
  let limit: Int
  private let held = Atomic(0)

  init(limit: Int) { self.limit = limit }

  fileprivate func take(_ count: Int) -> Bool {
    if held.add(count, ordering: .relaxed).newValue <= limit { return true }
    give(back: count)
    return false
  }

  fileprivate func give(back count: Int) { held.subtract(count, ordering: .relaxed) }
}

/// What one request holds of it; given back when the request is over.
final class BodyRoom: Sendable {
  private let memory: BodyMemory
  private let held = Atomic(0)

  init(in memory: BodyMemory) { self.memory = memory }

  deinit { memory.give(back: held.load(ordering: .relaxed)) }

  /// - Throws: a `Problem` where the bodies of all requests would be more than the server holds.
  func take(_ count: Int) throws(Problem) {
    guard memory.take(count) else {
      throw Problem(
        .serviceUnavailable, "bodies", "the bodies of all requests at this time have more than \(memory.limit) bytes",
        hint: "send it again later, in smaller requests"
      ).with(.retryAfter, "2")
    }
    held.add(count, ordering: .relaxed)
  }

  /// What was read and is held no longer.
  func give(back count: Int) {
    held.subtract(count, ordering: .relaxed)
    memory.give(back: count)
  }
}
