import AttuneModel
import Delivery
import Platform
import Runtime
import Store
import Synchronization

/// Whether the server can do its work.
final class Health: Sendable {
  struct Limits: Sendable {
    /// Without a sign of life from the driver.
    var stuck = Duration.seconds(5)
    /// The age of the oldest message that waits to be sent.
    var oldest = TimeSpan.minutes(15)
    /// For how long a commit that failed speaks against it. After that only new work can tell.
    var failure = Duration.seconds(30)
    /// For how long a look at the store is good.
    var look = Duration.seconds(2)
  }

  struct Report: Sendable {
    /// Why it cannot; empty if it can.
    var reasons: [String] = []
    var outbox = OutboxCounts()
    /// Of the oldest queued message.
    var age = TimeSpan.zero
  }

  private struct Look {
    var at: ContinuousClock.Instant
    var failure: String?
    var outbox: OutboxCounts
  }

  private let store: OpenedStore
  private let limits: Limits
  private let clock: ServerClock
  private let lastBeat = Mutex(ContinuousClock.now)
  /// Of the newest batch.
  private let lastClock = Mutex(Instant.distantPast)
  private let lastFailure = Mutex<(at: ContinuousClock.Instant, why: String)?>(nil)
  /// What was found damaged stays so until somebody restores a copy.
  private let damage = Mutex<String?>(nil)
  private let lastLook = Mutex<Look?>(nil)

  init(store: OpenedStore, limits: Limits = Limits(), clock: ServerClock) {
    self.store = store
    self.limits = limits
    self.clock = clock
  }

  /// The driver has answered.
  func beat() { lastBeat.withLock { $0 = .now } }

  /// A batch is durable.
  func committed(at clock: Instant) {
    lastFailure.withLock { $0 = nil }
    lastClock.withLock { $0 = clock }
  }

  /// A batch is not, and was not acknowledged.
  func failed(_ error: StoreError) { lastFailure.withLock { $0 = (.now, "\(error)") } }

  /// Something could not be read, or a message not be sent.
  func met(_ error: any Error) {
    guard let error = error as? StoreError, error.code == .damaged else { return }
    damage.withLock { $0 = error.message }
  }

  func report() async -> Report {
    let look = await look()
    var report = Report(outbox: look.outbox)
    if let oldest = look.outbox.oldestQueued { report.age = max(.zero, clock.now() - oldest) }
    if let damage = damage.withLock({ $0 }) { report.reasons.append(damage) }
    if let failure = look.failure { report.reasons.append(failure) }
    if let failure = lastFailure.withLock({ $0 }), ContinuousClock.now - failure.at < limits.failure {
      report.reasons.append(failure.why)
    }
    let silence = ContinuousClock.now - lastBeat.withLock { $0 }
    if silence > limits.stuck {
      report.reasons.append("the driver has not answered for \(silence.components.seconds) s")
    }
    if report.age > limits.oldest {
      report.reasons.append("the oldest message has waited to be sent for \(report.age.milliseconds / 1000) s")
    }
    report.reasons += doubts
    return report
  }

  /// About the hour it is.
  private var doubts: [String] {
    var doubts: [String] = []
    let jump = clock.jump
    if jump != .zero {
      doubts.append(
        "the machine's clock jumped \(jump > .zero ? "ahead" : "back") by \((abs(jump.milliseconds) + 500) / 1000) s and is not "
          + "believed (hint: set it right; or, if it is right, 'attune clock reset')")
    }
    let ahead = lastClock.withLock { $0 } - clock.now()
    if ahead > SteadyTime.bound {
      doubts.append(
        "a wrong clock was believed once: the store's time is \(ahead.milliseconds / 1000) s ahead, and every event is "
          + "late until then (hint: 'attune clock reset')")
    }
    return doubts
  }

  /// Whoever asks often gets the same answer: each look writes to the disk.
  private func look() async -> Look {
    if let look = lastLook.withLock({ $0 }), ContinuousClock.now - look.at < limits.look { return look }
    let look = await blocking { [store] in
      do {
        let outbox = try store.outbox.counts()
        try store.notes.setNote("ready", to: "1")
        return Look(at: .now, outbox: outbox)
      } catch {
        return Look(at: .now, failure: "\(error)", outbox: OutboxCounts())
      }
    }
    lastLook.withLock { $0 = look }
    return look
  }
}
