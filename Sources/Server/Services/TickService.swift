import Logging
import Runtime
import ServiceLifecycle

/// Lets the engine's time pass when nothing arrives.
struct TickService: Service, CustomStringConvertible {
  let driver: Driver
  let health: Health
  let logger: Logger

  static let period = Duration.milliseconds(100)

  var description: String { "ticker" }

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      var isFailing = false
      while !Task.isCancelled {
        do {
          try await driver.tick()
          isFailing = false
        } catch {
          if !isFailing { logger.error("time cannot pass", metadata: ["why": "\(error)"]) }
          isFailing = true
        }
        health.beat()
        try await Task.sleep(for: Self.period)
      }
    }
  }
}
