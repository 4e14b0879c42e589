import AttuneModel
import Delivery
import Synchronization

/// Answers as it is told, and remembers what it was asked.
final class ScriptedChannel: Channel {
  let name: String
  private let script: @Sendable (Dispatch, Int) -> DeliveryResult
  private let memory: @Sendable (Message) -> DeliveryResult?
  private let log = Mutex<[Dispatch]>([])

  /// - Parameters:
  ///   - script: the answer to a dispatch, and how often its message came before.
  ///   - memory: the answer to `recall`.
  init(
    _ name: String = "log",
    _ script: @escaping @Sendable (Dispatch, Int) -> DeliveryResult = { _, _ in
      DeliveryResult(.accepted(providerID: nil))
    },
    memory: @escaping @Sendable (Message) -> DeliveryResult? = { _ in nil }
  ) {
    self.name = name
    self.memory = memory
    self.script = script
  }

  var delivered: [Dispatch] { log.withLock { $0 } }
  var numbers: [UInt64] { delivered.map(\.message.id.number) }

  func deliver(_ dispatches: [Dispatch]) async -> [DeliveryResult] {
    dispatches.map { dispatch in
      let before = log.withLock { log in
        defer { log.append(dispatch) }
        return log.count { $0.message.id == dispatch.message.id }
      }
      return script(dispatch, before)
    }
  }

  func recall(_ messages: [Message]) async -> [DeliveryResult?] { messages.map(memory) }
}
