import AttuneModel
import ChannelTesting
import Delivery
import Lanes
import Store
import Synchronization
import Testing

/// A clock that moves when it is told.
final class TestClock: Sendable {
  private let time = Mutex(at(0))
  var now: Instant { time.withLock { $0 } }
  func advance(_ span: TimeSpan) { time.withLock { $0 = $0 + span } }
}

@Suite struct SenderTests {
  private let clock = TestClock()

  private func sender(
    _ outbox: MemoryOutbox, _ channels: [any Channel], directory: (any DeviceDirectory)? = nil, batch: Int = 100
  ) -> Sender {
    var settings = Sender.Settings()
    settings.lane.batch = batch
    return Sender(
      outbox: outbox, channels: channels, directory: directory, settings: settings, now: { [clock] in clock.now }
    ) { try outbox.settle($0) }
  }

  private func outcome(
    of message: Message, _ answers: DeliveryOutcome..., steps: [TimeSpan] = []
  ) async throws -> (state: MemoryOutbox.State, tries: Int) {
    let outbox = MemoryOutbox([message])
    let channel = ScriptedChannel { _, before in DeliveryResult(answers[min(before, answers.count - 1)]) }
    let sender = sender(outbox, [channel])
    try await sender.drain()
    for step in steps {
      clock.advance(step)
      try await sender.drain()
    }
    return (outbox.states()[0], channel.delivered.count)
  }

  @Test func inOrderAndInBatches() async throws {
    let outbox = MemoryOutbox((0..<25).map { message($0, channel: $0 % 3 == 0 ? "a" : "b") })
    let (a, b) = (ScriptedChannel("a"), ScriptedChannel("b") { _, _ in DeliveryResult(.unknown) })
    try await sender(outbox, [a, b], batch: 4).drain()
    #expect(a.numbers == (0..<25).filter { $0 % 3 == 0 })
    #expect(b.numbers == (0..<25).filter { $0 % 3 != 0 })
    #expect(outbox.states() == (0..<25).map { .settled($0 % 3 == 0 ? .accepted : .unknown) })
  }

  @Test func noSuchChannel() async throws {
    let outbox = MemoryOutbox([message(1, channel: "pigeon"), message(2)])
    try await sender(outbox, [ScriptedChannel()]).drain()
    #expect(outbox.states() == [.settled(.failed), .settled(.accepted)])
  }

  @Test func aChannelThatAnswersTooLittle() async throws {
    struct Forgetful: Channel {
      let name = "log"
      func deliver(_ dispatches: [Dispatch]) async -> [DeliveryResult] {
        [DeliveryResult(.accepted(providerID: nil))]
      }
    }
    let outbox = MemoryOutbox([message(1), message(2)])
    try await sender(outbox, [Forgetful()]).drain()
    #expect(outbox.states() == [.settled(.accepted), .settled(.unknown)])
  }

  @Test func expiredIsWithdrawnUnseen() async throws {
    let outbox = MemoryOutbox([message(1, expires: 0), message(2, expires: 1)])
    let channel = ScriptedChannel()
    try await sender(outbox, [channel]).drain()
    #expect(outbox.states() == [.settled(.withdrawn), .settled(.accepted)])
    #expect(channel.numbers == [2])
  }

  @Test func unknownOutcomes() async throws {
    let marketing = try await outcome(of: message(1), .unknown, steps: [.hours(1)])
    #expect(marketing == (.settled(.unknown), 1))
    let again = message(2, whenUnknown: .atLeastOnce)
    let answered = try await outcome(
      of: again, .unknown, .unknown, .accepted(providerID: nil), steps: [.hours(1), .hours(1)])
    #expect(answered == (.settled(.accepted), 3))
    // The first try may have reached the user, so the reach stays counted.
    let failed = try await outcome(of: again, .unknown, .failed(.badToken), steps: [.hours(1)])
    #expect(failed == (.settled(.unknown), 2))
    let expired = try await outcome(
      of: message(3, expires: 24 * 3600, whenUnknown: .atLeastOnce), .unknown, steps: [.days(2)])
    #expect(expired == (.settled(.unknown), 1))
    let soon = clock.now + .seconds(1)
    let hurried = message(4, expires: soon.milliseconds / 1000, whenUnknown: .atLeastOnce)
    #expect(try await outcome(of: hurried, .unknown) == (.settled(.unknown), 1))
  }

  @Test func retriesWithinTheExpiry() async throws {
    let failure = DeliveryOutcome.failed(.rejected)
    #expect(try await outcome(of: message(1), failure) == (.settled(.failed), 1))
    let mended = try await outcome(of: message(2), .retry(after: nil), .accepted(providerID: nil), steps: [.seconds(2)])
    #expect(mended == (.settled(.accepted), 2))
    let told = try await outcome(of: message(3), .retry(after: .seconds(90)), steps: [.seconds(89)])
    #expect(told == (.queued, 1), "not before the provider's own time")
    // It would expire before the next try; no provider took it.
    let late = clock.now + .seconds(60)
    let short = message(4, expires: late.milliseconds / 1000)
    #expect(try await outcome(of: short, .retry(after: .seconds(60))) == (.settled(.failed), 1))
    #expect(try await outcome(of: short, .retry(after: nil), steps: [.seconds(60)]) == (.settled(.withdrawn), 1))
  }

  @Test func backoffDoublesWithJitter() async throws {
    let outbox = MemoryOutbox((0..<20).map { message($0) })
    let sender = sender(outbox, [ScriptedChannel { _, _ in DeliveryResult(.retry(after: nil)) }])
    for attempt in 0..<14 {
      try await sender.drain()
      let longest = min(Int64(2000) << Int64(attempt), 600_000)
      let waits = outbox.due().map { ($0 - clock.now).milliseconds }
      #expect(waits.allSatisfy { $0 >= longest / 2 && $0 <= longest })
      #expect(Set(waits).count > 10, "those who failed together do not return together")
      #expect(outbox.attempts() == [Int](repeating: attempt + 1, count: 20))
      clock.advance(TimeSpan(milliseconds: longest))
    }
  }
}
