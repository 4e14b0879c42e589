import AttuneModel
import Reach
import Runtime
import Store
import StoreMemory
import StoreTesting
import Testing

/// A store that fails: whoever waits is served when it is well again, or told; whoever comes meanwhile is told at once.
@Suite struct StalledDriverTests {
  private let store = MemoryStore()
  private let faults = FaultyStore()
  private let event = Workshop.buy("u", "x", after: .seconds(1), id: "once")

  private func driver(patience: Duration = .seconds(60)) throws -> Driver {
    var ledger = try Ledger(recovering: faults.over(store.open()).journal)
    try ledger.commit(Workshop.batch(.zero, [.configuration(try Workshop.source())]))
    var limits = Driver.Limits()
    limits.patience = patience
    return Driver(
      ledger: ledger, limits: limits, now: { Workshop.start + .minutes(1) }, zone: ZoneTables.zone(named:),
      committed: { _ in })
  }

  /// Till the driver has met the fault.
  private func untilItFails(_ driver: Driver) async throws {
    while (try? driver.admit(.events)) != nil { try await Task.sleep(for: .milliseconds(1)) }
  }

  @Test func aShortFailureIsOnlyAWait() async throws {
    let driver = try driver()
    faults.always(.append, .refused(.diskFull))
    async let waiting = driver.submit([event])
    try await untilItFails(driver)
    await #expect(throws: StoreError.self, "who comes meanwhile does not wait") {
      try await driver.submit([Workshop.buy("other", "x", after: .seconds(1))])
    }
    faults.always(.append, nil)
    #expect(try await waiting == [.accepted])
    #expect(try await driver.submit([event]) == [.duplicate])
    try await driver.stop()
    let state = await driver.read { $0.checkpoint() }
    #expect(try Ledger(recovering: store.open().journal).engine.checkpoint() == state)
  }

  @Test func aLongFailureIsToldAndForgotten() async throws {
    let driver = try driver(patience: .milliseconds(120))
    faults.always(.append, .refused(.io))
    await #expect(throws: StoreError.self) { try await driver.submit([event]) }
    #expect(throws: StoreError.self, "nothing is taken in before the store is well") { try driver.admit(.control) }
    let failures = faults.count
    faults.always(.append, nil)
    while (try? driver.admit(.events)) == nil { try await Task.sleep(for: .milliseconds(1)) }
    #expect(failures < 20, "it is not tried again all the time")
    #expect(try await driver.submit([event]) == [.accepted], "what failed left no trace, not even in deduplication")
    #expect(try await driver.submit([event]) == [.duplicate])
    try await driver.stop()
    let state = await driver.read { $0.checkpoint() }
    #expect(try Ledger(recovering: store.open().journal).engine.checkpoint() == state)
  }

  @Test func aLostAnswerIsFound() async throws {
    let driver = try driver()
    faults.next(.append, .answerLost)
    #expect(try await driver.submit([event]) == [.accepted])
    #expect(try await driver.submit([event]) == [.duplicate])
    #expect(store.open().journal.lastSequence == 3, "it was written once")
    try await driver.stop()
  }

  @Test func timeDoesNotPassMeanwhile() async throws {
    let driver = try driver()
    faults.always(.append, .refused(.diskFull))
    async let waiting = driver.submit([event])
    try await untilItFails(driver)
    try await driver.tick()
    faults.always(.append, nil)
    #expect(try await waiting == [.accepted])
    try await driver.stop()
  }

  @Test func stoppingDoesNotWaitForTheStore() async throws {
    let driver = try driver()
    faults.always(.append, .refused(.diskFull))
    let waiting = Task { [event] in try await driver.submit([event]) }
    try await untilItFails(driver)
    try await driver.stop()
    await #expect(throws: StoreError.self) { try await waiting.value }
    #expect(throws: DriverError.stopped) { try driver.admit(.events) }
  }

  /// Callers that send again what was not acknowledged, over a store that fails at random: each event counts once.
  @Test(arguments: 1...3 as ClosedRange<UInt64>) func everyEventCountsOnce(seed: UInt64) async throws {
    let faults = FaultyStore(seed: seed, share: 0.3)
    var ledger = try Ledger(recovering: store.open().journal)
    try ledger.commit(Workshop.batch(.zero, [.configuration(try Workshop.source())]))
    ledger = try Ledger(recovering: faults.over(store.open()).journal)
    var limits = Driver.Limits()
    limits.patience = .milliseconds(60)
    let driver = Driver(
      ledger: ledger, limits: limits, now: { Workshop.start + .minutes(1) }, zone: ZoneTables.zone(named:),
      committed: { _ in })
    await withTaskGroup { group in
      for caller in 0..<8 {
        group.addTask {
          for number in 0..<5 {
            let event = Workshop.buy("u\(caller)", "x", after: .seconds(1), id: "\(number)")
            while (try? await driver.submit([event])) == nil { try? await Task.sleep(for: .milliseconds(5)) }
          }
        }
      }
    }
    while (try? driver.admit(.events)) == nil { try await Task.sleep(for: .milliseconds(5)) }
    let state = await driver.read { $0.checkpoint() }
    #expect(faults.count > 0, "seed \(seed)")
    #expect(try Ledger(recovering: store.open().journal).engine.checkpoint() == state, "seed \(seed)")
    #expect(try Projector(store: store.open()).tally().total(.accepted) == 40, "seed \(seed)")
  }
}
