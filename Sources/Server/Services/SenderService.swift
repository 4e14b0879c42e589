import Delivery
import ServiceLifecycle

/// Carries messages to their channels; told to stop, it finishes what it has in hand.
struct SenderService: Service, CustomStringConvertible {
  let sender: Sender
  /// Rings when there is something new to send.
  let bell: AsyncStream<Void>

  var description: String { "sender" }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await withTaskGroup { group in
        group.addTask { await sender.run() }
        for await _ in bell { sender.nudge() }
        await group.waitForAll()
      }
    }
  }
}
