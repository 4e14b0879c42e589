import AttuneModel
import ChannelTesting
import Delivery
import Lanes
import Store
import Synchronization
import Testing

@Suite struct SenderRestartTests {
  private func drained(_ outbox: MemoryOutbox, _ channel: ScriptedChannel) async throws {
    try await Sender(outbox: outbox, channels: [channel], now: { at(0) }) { try outbox.settle($0) }.drain()
  }

  @Test func claimedRows() async throws {
    let outbox = MemoryOutbox(
      [
        message(1), message(2, whenUnknown: .atLeastOnce), message(3), message(4), message(5),
        message(6, channel: "gone"),
      ], state: .claimed)
    let channel = ScriptedChannel(memory: { message in
      switch message.id.number {
      case 3: DeliveryResult(.accepted(providerID: nil))
      case 4: DeliveryResult(.retry(after: nil))
      case 5: DeliveryResult(.failed(.tooLarge))
      default: nil
      }
    })
    try await drained(outbox, channel)
    #expect(channel.numbers == [2, 4], "at least once, and what was certainly not sent")
    #expect(outbox.states() == [.unknown, .accepted, .accepted, .accepted, .failed, .unknown].map { .settled($0) })
  }

  @Test func withheldRows() async throws {
    for (doubtful, outcome) in [(false, .withdrawn), (true, .unknown)] as [(Bool, Settlement.Outcome)] {
      let outbox = MemoryOutbox([message(1)], state: .withheld, doubtful: doubtful)
      let channel = ScriptedChannel()
      try await drained(outbox, channel)
      #expect(channel.numbers.isEmpty)
      #expect(outbox.states() == [.settled(outcome)])
    }
  }

  /// Whatever call fails, the message is delivered once and the settlement comes in the end.
  @Test(arguments: 1...4) func failingOutbox(failures: Int) async throws {
    let outbox = MemoryOutbox([message(1), message(2)])
    let channel = ScriptedChannel { dispatch, before in
      DeliveryResult(dispatch.message.id.number == 2 && before == 0 ? .retry(after: nil) : .accepted(providerID: nil))
    }
    let clock = TestClock()
    let sender = Sender(outbox: outbox, channels: [channel], now: { clock.now }) { try outbox.settle($0) }
    outbox.fail(failures)
    for _ in 0..<failures { await #expect(throws: StoreError.self) { try await sender.drain() } }
    try await sender.drain()
    clock.advance(.seconds(2))
    outbox.fail(1)
    await #expect(throws: StoreError.self) { try await sender.drain() }
    try await sender.drain()
    #expect(channel.numbers == [1, 2, 2])
    #expect(outbox.states() == [.settled(.accepted), .settled(.accepted)])
  }

  @Test func failingJournal() async throws {
    let outbox = MemoryOutbox([message(1), message(2)])
    let channel = ScriptedChannel()
    let failures = Mutex(3)
    let sender = Sender(outbox: outbox, channels: [channel], now: { at(0) }) { settlements in
      guard failures.withLock({ $0 == 0 }) else {
        failures.withLock { $0 -= 1 }
        throw StoreError(.diskFull, "no room")
      }
      try outbox.settle(settlements)
    }
    for _ in 0..<3 { await #expect(throws: StoreError.self) { try await sender.drain() } }
    outbox.add([message(3)])
    try await sender.drain()
    #expect(channel.numbers == [1, 2, 3])
    #expect(outbox.states() == [Settlement.Outcome](repeating: .accepted, count: 3).map { .settled($0) })
  }

  @Test func failureAfterTheDelivery() async throws {
    let outbox = MemoryOutbox([message(1), message(2)])
    let channel = ScriptedChannel { [outbox] dispatch, before in
      if before == 0 { outbox.fail(2) }
      let isFirst = dispatch.message.id.number == 1
      return DeliveryResult(isFirst || before > 0 ? .accepted(providerID: nil) : .retry(after: nil))
    }
    let clock = TestClock()
    let sender = Sender(outbox: outbox, channels: [channel], now: { clock.now }) { try outbox.settle($0) }
    for _ in 0..<2 { await #expect(throws: StoreError.self) { try await sender.drain() } }
    #expect(outbox.states() == [.claimed, .claimed])
    try await sender.drain()
    #expect(outbox.states() == [.settled(.accepted), .queued])
    clock.advance(.seconds(2))
    try await sender.drain()
    #expect(channel.numbers == [1, 2, 2], "known is known: nothing was delivered again")
    #expect(outbox.states() == [.settled(.accepted), .settled(.accepted)])
  }
}
