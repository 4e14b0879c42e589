import AttuneModel
import Fatigue
import Foundation
import Reach
import Runtime
import Store
import StoreSQLite
import Testing

/// Reservations through the driver and the journal: exact with many callers, and after a crash.
@Suite struct ReservationTests {
  private static let policy = """
    zone: Asia/Shanghai
    user: { perDay: 3 }
    scenes: { feed: { times: 9, window: 1d } }
    businesses:
      orders: { scene: trade, days: 1, times: 1, minGap: 0s }
      news: { scene: feed, days: 7, times: 3, minGap: 1h }
    """

  private func ledger(_ store: OpenedStore) throws -> Ledger {
    var ledger = try Ledger(recovering: store.journal)
    if ledger.sequence == 0 {
      let source = try PolicyFile.read(text: Self.policy, name: "policies.yaml")
      try ledger.commit(Workshop.batch(.zero, [.configuration(source)]))
    }
    return ledger
  }

  private func driver(_ store: OpenedStore) throws -> Driver {
    Driver(
      ledger: try ledger(store), now: { Workshop.start + .minutes(1) }, zone: ZoneTables.zone(named:),
      committed: { _ in })
  }

  private func reservation(
    _ id: String, _ user: String = "u1", _ business: String = "orders", zone: String? = nil
  ) -> Reservation {
    Reservation(id: id, user: user, business: business, zone: zone)
  }

  /// Of 64 callers for a user's last slot exactly one passes, in every round.
  @Test func theLastSlotIsGivenOnce() async throws {
    try await Workshop.inFolder { folder in
      let store = try SQLiteStore.open(folder, options: SQLiteStore.Options(synchronous: .off))
      let driver = try driver(store)
      for round in 0..<150 {
        let passed = try await withThrowingTaskGroup(of: Bool.self) { group in
          for caller in 0..<64 {
            group.addTask {
              try await driver.reserve([reservation("\(round)-\(caller)", "user-\(round)")])[0].get().passes
            }
          }
          return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(passed == 1, "round \(round)")
      }
      try await driver.stop()
      #expect(try Projector(store: store).tally().total(.reserved) == 150)
      #expect(try Projector(store: store).tally().total(.refused) { $0.detail == "fatigue.window" } == 150 * 63)
    }
  }

  @Test func whatCannotBeJudgedIsToldForItAlone() async throws {
    try await Workshop.inFolder { folder in
      let store = try SQLiteStore.open(folder)
      let driver = try driver(store)
      let asked = [
        reservation("a", zone: "Mars/Base"), reservation("b", "u1", "news", zone: "Europe/Berlin"),
        reservation("c", "u1", "nobody's"), reservation("a", zone: "Mars/Base"), reservation("d"),
      ]
      for results in [try await driver.check(asked), try await driver.reserve(asked)] {
        let codes = results.map { result in
          if case .failure(let error) = result { error.code } else { nil as FatigueError.Code? }
        }
        #expect(codes == [.unknownZone, nil, .unknownBusiness, .unknownZone, nil])
        #expect(try results[1].get().passes && results[4].get().passes)
        #expect(throws: FatigueError.unknownZone("Mars/Base")) { try results[0].get() }
      }
      #expect(await driver.read { $0.zone(named: "Europe/Berlin") } == ZoneTables.zone(named: "Europe/Berlin"))
      #expect(try await driver.reserve([reservation("x", zone: "Mars/Base")]).count == 1)
      #expect(try await driver.reserve([]).isEmpty)
      try await driver.stop()
      await #expect(throws: DriverError.stopped) { try await driver.reserve([reservation("e")]) }
      await #expect(throws: DriverError.stopped) { try await driver.check([reservation("e")]) }
    }
  }

  @Test func checkingLeavesNothing() async throws {
    try await Workshop.inFolder { folder in
      let store = try SQLiteStore.open(folder)
      let driver = try driver(store)
      for _ in 0..<3 { #expect(try await driver.check([reservation("a")])[0].get().passes) }
      #expect(store.journal.lastSequence == 1, "only the policy is journaled")
      #expect(try await driver.reserve([reservation("a")])[0].get().passes)
      #expect(try await !driver.check([reservation("b")])[0].get().passes)
    }
  }

  /// Between reserve and settle everything in memory is lost; the sender asks and settles again.
  @Test func aCrashBetweenReserveAndSettleLosesNothing() async throws {
    try await Workshop.inFolder { folder in
      var store = try SQLiteStore.open(folder)
      var before = try driver(store)
      #expect(try await before.reserve([reservation("a")])[0].get().passes)
      #expect(try await !before.reserve([reservation("b")])[0].get().passes)
      // Nothing is stopped in order: no checkpoint, no last word.
      try store.close()
      store = try SQLiteStore.open(folder)
      let after = try driver(store)
      #expect(try await after.reserve([reservation("a")])[0].get().passes, "the same id is the same reach")
      #expect(try await !after.reserve([reservation("b")])[0].get().passes, "the slot is taken still")
      let release = ReservationSettlement(id: "a", user: "u1", settlement: .release)
      #expect(try await after.settle([release, release]) == [true, false])
      #expect(try await after.reserve([reservation("b")])[0].get().passes)
      try store.close()
      store = try SQLiteStore.open(folder)
      before = try driver(store)
      #expect(try await before.settle([release]) == [false], "settled once, whatever crashed since")
      #expect(try await !before.reserve([reservation("c")])[0].get().passes)
      try store.close()
    }
  }

  /// The journal's verdicts count, and neither today's limits nor today's build.
  @Test func recoveryJudgesNothingAnew() async throws {
    try await Workshop.inFolder { folder in
      var store = try SQLiteStore.open(folder)
      var ledger = try ledger(store)
      let asked = (0..<3).map { Input.reserve(reservation("r\($0)", "u1", "news")) }
      let tight = try PolicyFile.read(text: Self.policy.replacing("perDay: 3", with: "perDay: 0"), name: "p.yaml")
      for minute: Int64 in 1...30 {
        var inputs = asked + [.reserve(reservation("m\(minute)", "u\(minute % 4)"))]
        if minute == 7 { inputs.append(.configuration(tight)) }
        if minute == 9 { inputs.append(.eraseFatigue(user: "u2")) }
        if minute == 12 {
          inputs.append(.settleReservation(ReservationSettlement(id: "r0", user: "u1", settlement: .release)))
        }
        try ledger.commit(Workshop.batch(.minutes(minute * 20), inputs))
        if minute == 15 { try ledger.checkpoint() }
      }
      let state = ledger.engine.checkpoint()
      try store.close()
      store = try SQLiteStore.open(folder)
      #expect(try Ledger(recovering: store.journal).engine.checkpoint() == state)
      // A build that knows nothing of the limits repeats what was recorded.
      var other = Engine()
      _ = other.handle(
        Workshop.batch(.zero, [.configuration(try PolicyFile.read(text: Self.policy, name: "policies.yaml"))]))
      try store.journal.batches(after: 1) { row in
        var batch = try row.batch()
        batch.inputs.removeAll { if case .configuration = $0 { true } else { false } }
        other.apply(batch, record: try row.recorded())
      }
      let asking = reservation("last", "u1", "news")
      #expect(
        try other.check(asking, zone: nil, at: Workshop.start + .hours(10)).window.count
          == ledger.engine.check(asking, zone: nil, at: Workshop.start + .hours(10)).window.count)
      try store.close()
    }
  }

  @Test func anAnswerIsTracedFromTheJournal() async throws {
    try await Workshop.inFolder { folder in
      let store = try SQLiteStore.open(folder)
      let driver = try driver(store)
      _ = try await driver.reserve([reservation("a"), reservation("other", "u2"), reservation("b")])
      let projector = Projector(store: store)
      // Out of the journal, and out of the index.
      for _ in 0..<2 {
        let traces = try projector.traces(of: "u1")
        #expect(traces.map(\.id) == [.reservation("a"), .reservation("b")])
        #expect(traces.map(\.outcome) == [.reserved, .refused])
        #expect(traces.map(\.scene) == ["trade", "trade"] && traces[1].reason == "window")
        #expect(traces[1].next == Workshop.start + .minutes(1) + .days(1))
        #expect(traces[1].checks.first { $0.name == "fatigue.window" }?.details["count"] == .number(1))
        #expect(try Recording(store).batch(2)?.traced().count == 3)
        try projector.catchUp()
      }
      #expect(try store.history.batches(of: "u1") == [2])
      #expect(try projector.traces(of: "u3").isEmpty)
      try await driver.stop()
    }
  }

  /// Callers are served in the order they came, whatever they hand in, and each gets its own answers.
  @Test func answersGoToThoseWhoAsked() async throws {
    try await Workshop.inFolder { folder in
      let store = try SQLiteStore.open(folder, options: SQLiteStore.Options(synchronous: .off))
      let driver = try driver(store)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for caller in 0..<48 {
          group.addTask {
            let user = "user-\(caller)"
            let patch = Input.profile(ProfilePatch(user: user, changes: [.init("zone", .string("Europe/Berlin"))]))
            switch caller % 3 {
            case 0: #expect(try await driver.submit([patch, patch]) == [.accepted, .accepted])
            case 1:
              let results = try await driver.reserve([reservation("a\(caller)", user), reservation("b\(caller)", user)])
              #expect(try results.map { try $0.get().passes } == [true, false], "caller \(caller)")
            default:
              let settlement = ReservationSettlement(id: "none", user: user, settlement: .commit)
              #expect(try await driver.settle([settlement]) == [false], "caller \(caller)")
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(driver.depth == 0)
      try await driver.stop()
    }
  }
}
