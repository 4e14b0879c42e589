import AttuneModel
import Logging
import Platform
import Runtime
import ServiceLifecycle
import Store

/// Keeps the readable tables up with the journal, and clears old messages out of the outbox.
struct ProjectionService: Service, CustomStringConvertible {
  let store: OpenedStore
  let now: @Sendable () -> Instant
  let logger: Logger

  static let period = Duration.seconds(1)
  /// For how long a settled message stays in the outbox.
  static let retention = TimeSpan.days(7)
  private static let periodsBetweenPurges = 3600

  var description: String { "projector" }

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      var isFailing = false
      var turn = 0
      while !Task.isCancelled {
        do {
          try await project(purging: turn % Self.periodsBetweenPurges == 0)
          isFailing = false
        } catch {
          if !isFailing { logger.error("timelines and funnel fall behind", metadata: ["why": "\(error)"]) }
          isFailing = true
        }
        turn += 1
        try await Task.sleep(for: Self.period)
      }
    }
  }

  private func project(purging: Bool) async throws {
    let before = now() - Self.retention
    try await blocking { [store] in
      try Projector(store: store).catchUp()
      if purging { try store.outbox.purgeSettled(before: before) }
    }
  }
}
