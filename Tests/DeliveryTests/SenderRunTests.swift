import AttuneModel
import ChannelTesting
import Delivery
import Lanes
import Store
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct SenderRunTests {
  private func settings(period: TimeSpan) -> Sender.Settings {
    var settings = Sender.Settings()
    settings.period = period
    settings.lane.firstRetry = TimeSpan(milliseconds: 2)
    return settings
  }

  private func until(_ condition: () -> Bool) async throws {
    while !condition() { try await Task.sleep(for: .milliseconds(1)) }
  }

  @Test func wakesByNudge() async throws {
    let outbox = MemoryOutbox([message(1)])
    let sender = Sender(
      outbox: outbox, channels: [ScriptedChannel()], settings: settings(period: .days(1)), now: { at(0) }
    ) { try outbox.settle($0) }
    sender.nudge()
    let running = Task { await sender.run() }
    try await until { outbox.states() == [.settled(.accepted)] }
    outbox.add([message(2)])
    sender.nudge()
    try await until { outbox.states().last == .settled(.accepted) }
    running.cancel()
    await running.value
  }

  @Test func wakesByItselfAndOutlivesErrors() async throws {
    let outbox = MemoryOutbox([])
    let errors = Mutex(0)
    let sender = Sender(
      outbox: outbox, channels: [ScriptedChannel()], settings: settings(period: TimeSpan(milliseconds: 1)),
      now: { at(0) }, trouble: { _ in errors.withLock { $0 += 1 } }
    ) { try outbox.settle($0) }
    let running = Task { await sender.run() }
    try await until { outbox.claims > 1 }
    outbox.fail(3)
    outbox.add([message(1)])
    try await until { outbox.states() == [.settled(.accepted)] }
    #expect(errors.withLock { $0 } == 3)
    running.cancel()
    await running.value
  }

  /// Stopped in the middle of a delivery: that batch is finished and settled, the next one is not begun.
  @Test func stopsAfterTheBatchInFlight() async throws {
    final class Gate: Channel {
      let name = "log"
      let entered = Mutex(false)
      let open = Mutex(false)
      let sawCancellation = Mutex(false)
      func deliver(_ dispatches: [Dispatch]) async -> [DeliveryResult] {
        entered.withLock { $0 = true }
        while !open.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(1)) }
        sawCancellation.withLock { $0 = Task.isCancelled }
        return dispatches.map { _ in DeliveryResult(.accepted(providerID: nil)) }
      }
    }
    let outbox = MemoryOutbox([message(1), message(2)])
    let gate = Gate()
    var settings = settings(period: .days(1))
    settings.lane.batch = 1
    let sender = Sender(outbox: outbox, channels: [gate], settings: settings, now: { at(0) }) { try outbox.settle($0) }
    let running = Task { await sender.run() }
    try await until { gate.entered.withLock { $0 } }
    running.cancel()
    gate.open.withLock { $0 = true }
    await running.value
    #expect(!gate.sawCancellation.withLock { $0 })
    #expect(outbox.states() == [.settled(.accepted), .queued])
  }
}
