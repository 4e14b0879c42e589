import AttuneModel
import Foundation
import Reach
import Runtime
import Store
import StoreSQLite
import Testing

/// Many callers, one engine: what is acknowledged is durable, what is not durable is not acknowledged.
@Suite struct DriverTests {
  private func driver(_ journal: any Journal, limits: Driver.Limits = Driver.Limits()) throws -> Driver {
    var ledger = try Ledger(recovering: journal)
    if ledger.sequence == 0 {
      try ledger.commit(Workshop.batch(.zero, [.configuration(try Workshop.source())]))
    }
    return Driver(
      ledger: ledger, limits: limits, now: { Workshop.start + .minutes(1) }, zone: ZoneTables.zone(named:),
      committed: { _ in })
  }

  @Test func concurrentCallersEachGetTheirOwnAnswers() async throws {
    try await Workshop.inFolder { folder in
      let store = try SQLiteStore.open(folder)
      let driver = try driver(store.journal)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for caller in 0..<64 {
          group.addTask {
            let id = caller % 2 == 0 ? "even\(caller)" : nil
            let event = Workshop.buy("u\(caller)", "x", after: .seconds(2), id: id)
            let first = try await driver.submit([event, event])
            #expect(first == (id == nil ? [.accepted, .accepted] : [.accepted, .duplicate]), "caller \(caller)")
          }
        }
        try await group.waitForAll()
      }
      try await driver.stop()
      try store.close()
      let again = try Ledger(recovering: try SQLiteStore.open(folder).journal)
      #expect(again.engine.unsettled.count == 64 + 32, "each caller's events were sent once, twice without an id")
    }
  }

  @Test func tooMuchAtOnceIsRefused() async throws {
    try await Workshop.inFolder { folder in
      var limits = Driver.Limits()
      limits.queue = 10
      let driver = try driver(try SQLiteStore.open(folder).journal, limits: limits)
      let served = await withTaskGroup(of: Bool.self) { group in
        for caller in 0..<50 {
          group.addTask {
            do {
              _ = try await driver.submit((0..<5).map { Workshop.buy("u\(caller)", "\($0)", after: .seconds(1)) })
              return true
            } catch DriverError.overloaded {
              return false
            } catch {
              Issue.record(error)
              return false
            }
          }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(served > 0)
      #expect(driver.depth == 0)
      let large = (0..<20).map { Workshop.buy("big", "\($0)", after: .seconds(1)) }
      #expect(try await driver.submit(large).count == 20, "an idle driver takes one request of any size")
    }
  }

  @Test func checkpointsAreWrittenWhileItGoesOn() async throws {
    try await Workshop.inFolder { folder in
      var limits = Driver.Limits()
      limits.checkpointAfter = 3 * 4096
      let store = try SQLiteStore.open(folder)
      let driver = try driver(store.journal, limits: limits)
      for number in 0..<200 {
        _ = try await driver.submit([
          Workshop.buy("u\(number % 9)", "\(number)", after: TimeSpan(milliseconds: Int64(number)))
        ])
      }
      let before = try #require(try store.journal.latestCheckpoint())
      #expect(before.sequence > 1, "none was written on the way")
      let state = await driver.read { $0.checkpoint() }
      // Recovery from the one that was written on the way gives the state of now.
      #expect(try Ledger(recovering: store.journal).engine.checkpoint() == state)
      try await driver.stop()
      #expect(try store.journal.latestCheckpoint()?.sequence == store.journal.lastSequence)
      try store.close()
    }
  }

  @Test func afterStoppingNothingIsTaken() async throws {
    try await Workshop.inFolder { folder in
      let driver = try driver(try SQLiteStore.open(folder).journal)
      try await driver.stop()
      await #expect(throws: DriverError.stopped) { try await driver.submit([Workshop.buy("u", "x", after: .zero)]) }
    }
  }

  @Test func aProfileBringsTheTableOfItsZone() async throws {
    try await Workshop.inFolder { folder in
      let driver = try driver(try SQLiteStore.open(folder).journal)
      let patch = ProfilePatch(user: "u", changes: [.init("zone", .string("Europe/Berlin"))])
      #expect(try await driver.submit([.profile(patch)]) == [.accepted])
      #expect(await driver.read { $0.zone(named: "Europe/Berlin") } == ZoneTables.zone(named: "Europe/Berlin"))
    }
  }

  /// Nobody asks first: of many that launch at once one begins the campaign, and each is told what it was to know.
  @Test func aRaceOfLaunchesHasOneWinner() async throws {
    try await Workshop.inFolder { folder in
      let driver = try driver(try SQLiteStore.open(folder).journal)
      let document = try ConfigurationFolder.campaign(
        """
        campaign: sale
        scene: service
        fatigue: { days: 1, times: 1, minGap: 0s }
        audience: { list: [u1, u2] }
        materials: [{ id: a, title: "A", body: "eins" }]
        """, file: "sale.yaml")
      let answers = try await withThrowingTaskGroup(of: LaunchAnswer.self) { group in
        for _ in 0..<8 { group.addTask { try await driver.launch(document) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.count { $0.outcome == .begins } == 1)
      #expect(answers.count { $0.outcome == .begunBefore(document) } == 7)
      #expect(answers.allSatisfy { $0.audience == 2 })
      for (name, isAccepted, status) in [("sale", true, "paused"), ("sale", false, "paused"), ("sail", false, nil)] {
        let answer = try await driver.order(.pause(name))
        #expect(answer.isAccepted == isAccepted && answer.status?.name == status, "\(name)")
      }
      try await driver.stop()
    }
  }

  @Test func aPublicationIsAnsweredByTheEngine() async throws {
    try await Workshop.inFolder { folder in
      let driver = try driver(try SQLiteStore.open(folder).journal)
      let same = try await driver.publish(try Workshop.source())
      #expect(same.isAccepted && !same.isNew && same.zone == "Asia/Shanghai")
      var files = Workshop.files
      files["businesses/thanks.yaml"]?.replace("when: bought", with: "when: bougth")
      let refused = try await driver.publish(try ConfigurationFolder.read(files: files))
      #expect(!refused.isAccepted && refused.diagnostics.errors.first?.hint == "did you mean 'bought'?")
      try await driver.stop()
    }
  }
}
