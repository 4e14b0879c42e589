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

  /// A journal that is slow holds up a lane only when much is to be told; nothing is told twice, and nothing is lost.
  @Test func lanesGoOnWhileTheJournalIsSlow() async throws {
    let outbox = MemoryOutbox((1...40).map { message($0) })
    let isOpen = Mutex(false)
    let told = Mutex([CandidateID]())
    let delivered = Mutex(0)
    struct Counting: Channel {
      let name = "log"
      let delivered: @Sendable (Int) -> Void
      func deliver(_ dispatches: [Dispatch]) async -> [DeliveryResult] {
        delivered(dispatches.count)
        return dispatches.map { _ in DeliveryResult(.accepted(providerID: nil)) }
      }
    }
    var settings = settings(period: .days(1))
    settings.lane.batch = 2
    let channel = Counting { count in delivered.withLock { $0 += count } }
    let sender = Sender(outbox: outbox, channels: [channel], settings: settings, now: { at(0) }) { settlements in
      while !isOpen.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
      told.withLock { $0 += settlements.map(\.message) }
      try outbox.settle(settlements)
    }
    let running = Task { await sender.run() }
    try await until { delivered.withLock { $0 } >= 22 }
    try await Task.sleep(for: .milliseconds(30))
    #expect(delivered.withLock { $0 } == 22, "ten dispatches may be untold, and one is in hand")
    isOpen.withLock { $0 = true }
    try await until { outbox.states().allSatisfy { $0 == .settled(.accepted) } }
    running.cancel()
    await running.value
    #expect(told.withLock { $0 } == (1...40).map(id))
  }

  /// Told to stop, it has told everything before it returns; should the journal fail, the next start looks into the rest.
  @Test(arguments: [false, true]) func stoppingTellsEverything(fails: Bool) async throws {
    struct Broken: Error {}
    let outbox = MemoryOutbox([message(1)])
    let hasBegun = Mutex(false)
    let sender = Sender(
      outbox: outbox, channels: [ScriptedChannel()], settings: settings(period: .days(1)), now: { at(0) }
    ) { settlements in
      hasBegun.withLock { $0 = true }
      try? await Task.sleep(for: .milliseconds(20))
      if fails { throw Broken() }
      try outbox.settle(settlements)
    }
    let running = Task { await sender.run() }
    try await until { hasBegun.withLock { $0 } }
    running.cancel()
    await running.value
    #expect(outbox.states() == [fails ? .claimed : .settled(.accepted)])
  }
}
