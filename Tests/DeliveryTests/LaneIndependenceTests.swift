import AttuneModel
import ChannelTesting
import Delivery
import Lanes
import Synchronization
import Testing

/// No lane waits for another.
@Suite(.timeLimit(.minutes(1))) struct LaneIndependenceTests {
  private let start = ContinuousClock.now
  private let errors = ErrorLog()

  private final class ErrorLog: Sendable {
    private let errors = Mutex<[any Error]>([])
    func note(_ error: any Error) { errors.withLock { $0.append(error) } }
    var troubles: [LaneTrouble] { errors.withLock { $0.compactMap { $0 as? LaneTrouble } } }
  }

  private func running(
    _ outbox: MemoryOutbox, _ channels: [any Channel], _ change: (inout Sender.Settings) -> Void = { _ in }
  ) -> (Sender, Task<Void, Never>) {
    var settings = Sender.Settings()
    settings.period = TimeSpan(milliseconds: 5)
    settings.lane.firstRetry = TimeSpan(milliseconds: 2)
    settings.lane.batch = 3
    change(&settings)
    let sender = Sender(
      outbox: outbox, channels: channels, settings: settings,
      now: { [start] in at(0) + TimeSpan(milliseconds: Int64((ContinuousClock.now - start) / .milliseconds(1))) },
      trouble: { [errors] in errors.note($0) }
    ) { try outbox.settle($0) }
    return (sender, Task { await sender.run() })
  }

  private func until(_ condition: () -> Bool) async throws {
    while !condition() { try await Task.sleep(for: .milliseconds(1)) }
  }

  private func accepted(_ outbox: MemoryOutbox) -> Int { outbox.states().count { $0 == .settled(.accepted) } }

  @Test func aChannelThatNeverAnswersHoldsUpNoOther() async throws {
    let outbox = MemoryOutbox(
      (0..<40).map { message($0, channel: $0 % 2 == 0 ? "silent" : "log") })
    let (silent, log) = (SilentChannel("silent"), ScriptedChannel("log"))
    let (_, task) = running(outbox, [silent, log])
    try await until { accepted(outbox) == 20 }
    outbox.add((40..<50).map { message($0) })
    try await until { accepted(outbox) == 30 }
    #expect(silent.taken.count == 3, "one dispatch, and nothing after it")
    #expect(outbox.states().count { $0 == .claimed } == 3)
    silent.release()
    try await until { accepted(outbox) == 50 }
    task.cancel()
    await task.value
  }

  @Test func transactionalDoesNotQueueBehindMarketing() async throws {
    /// Keeps marketing for ever, and answers the rest.
    struct Slow: Channel {
      let name = "log"
      let marketing = SilentChannel()
      let other = ScriptedChannel()
      func deliver(_ dispatches: [Dispatch]) async -> [DeliveryResult] {
        let isMarketing = dispatches.contains { $0.message.class == .marketing }
        return await (isMarketing ? marketing as any Channel : other).deliver(dispatches)
      }
    }
    let outbox = MemoryOutbox((0..<20).map { message($0) } + (20..<30).map { message($0, class: .transactional) })
    let channel = Slow()
    let (_, task) = running(outbox, [channel])
    try await until { accepted(outbox) == 10 }
    #expect(channel.other.numbers == Array(20..<30))
    #expect(channel.marketing.taken.map(\.id.number) == [0, 1, 2])
    channel.marketing.release()
    try await until { accepted(outbox) == 30 }
    task.cancel()
    await task.value
  }

  @Test func aDispatchThatNeverAnswersHasADeadline() async throws {
    let outbox = MemoryOutbox([message(1, channel: "silent"), message(2, channel: "silent", whenUnknown: .atLeastOnce)])
    let silent = SilentChannel("silent") { $0.deadline = TimeSpan(milliseconds: 20) }
    let (_, task) = running(outbox, [silent])
    try await until { outbox.states()[0] == .settled(.unknown) }
    #expect(outbox.settlements()[0]?.code == "deadline")
    try await until { silent.taken.map(\.id.number).prefix(3) == [1, 2, 2] }
    #expect(errors.troubles.first?.code == .silent)
    #expect(outbox.attempts()[1] > 0)
    silent.release()
    try await until { outbox.states()[1] == .settled(.accepted) }
    task.cancel()
    await task.value
  }

  /// Asked at a start what became of messages, and silent: only its own lane waits.
  @Test func aRecallThatNeverAnswers() async throws {
    let outbox = MemoryOutbox(
      [message(1, channel: "silent"), message(2)], state: .claimed)
    outbox.add([message(3), message(4, channel: "silent")])
    let silent = SilentChannel("silent", delivered: [id(1)])
    let (_, task) = running(outbox, [silent, ScriptedChannel("log")])
    try await until { outbox.states()[2] == .settled(.accepted) }
    #expect(outbox.states() == [.claimed, .settled(.unknown), .settled(.accepted), .queued])
    silent.release()
    try await until { outbox.states()[3] == .settled(.accepted) }
    #expect(outbox.states()[0] == .settled(.accepted))
    task.cancel()
    await task.value
  }

  @Test func stoppingWaitsNoLongerThanTheDeadline() async throws {
    let outbox = MemoryOutbox([message(1, channel: "silent"), message(2, channel: "silent")])
    let silent = SilentChannel("silent") { ($0.deadline, $0.batch) = (TimeSpan(milliseconds: 50), 1) }
    let (_, task) = running(outbox, [silent])
    try await until { silent.taken.count == 1 }
    task.cancel()
    await task.value
    #expect(outbox.states() == [.settled(.unknown), .queued])
    silent.release()
  }

  /// The key is revoked, then mended: nothing has failed, no attempt was counted.
  @Test func pausedByItsChannel() async throws {
    let outbox = MemoryOutbox((0..<7).map { message($0, channel: "apns") })
    let pauses = Mutex(true)
    let apns = ScriptedChannel("apns") { [start] _, _ in
      let now = at(0) + TimeSpan(milliseconds: Int64((ContinuousClock.now - start) / .milliseconds(1)))
      return DeliveryResult(
        pauses.withLock { $0 }
          ? .paused(until: now + TimeSpan(milliseconds: 10), reason: "the key was revoked")
          : .accepted(providerID: "p"))
    }
    let (_, task) = running(outbox, [apns])
    try await until { apns.delivered.count >= 9 }
    #expect(outbox.attempts() == [Int](repeating: 0, count: 7))
    pauses.withLock { $0 = false }
    try await until { accepted(outbox) == 7 }
    #expect(outbox.settlements().map { $0?.attempts } == [Int?](repeating: 1, count: 7))
    #expect(errors.troubles.first?.description.contains("the key was revoked") == true)
    task.cancel()
    await task.value
  }

  /// What is known of a delivery is told with its settlement.
  @Test func settlementsCarryWhatIsKnown() async throws {
    let outbox = MemoryOutbox([message(1), message(2), message(3, channel: "gone")])
    let channel = ScriptedChannel { dispatch, before in
      if dispatch.message.id.number == 2 { return DeliveryResult(.failed(.unknown("410 Gone"))) }
      return DeliveryResult(before == 0 ? .retry(after: nil) : .accepted(providerID: "p-7"))
    }
    let (_, task) = running(outbox, [channel])
    try await until { outbox.settlements().allSatisfy { $0 != nil } }
    let settled = outbox.settlements().compactMap(\.self)
    #expect(settled.map(\.user) == ["u1", "u2", "u3"])
    #expect(settled.map(\.channel) == ["log", "log", "gone"])
    #expect(settled.map(\.code) == [nil, "410 Gone", "noChannel"])
    #expect(settled.map(\.providerID) == ["p-7", nil, nil])
    #expect(settled.map(\.attempts) == [2, 1, 1])
    #expect(settled.allSatisfy { $0.latency.map { $0 >= .zero } ?? false })
    task.cancel()
    await task.value
  }
}
