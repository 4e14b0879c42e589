import Logging
import Runtime
import ServiceLifecycle
import Store

/// The last to stop: writes what waits and a checkpoint, then lets the store go.
struct DriverService: Service, CustomStringConvertible {
  let driver: Driver
  let store: OpenedStore
  let logger: Logger

  var description: String { "driver" }

  func run() async throws {
    // Cancelled or asked to stop, the end is the same.
    try? await gracefulShutdown()
    do { try await driver.stop() } catch {
      // Everything acknowledged is in the journal; only the next start takes longer.
      logger.error("no checkpoint was written", metadata: ["why": "\(error)"])
    }
    try store.close()
  }
}
