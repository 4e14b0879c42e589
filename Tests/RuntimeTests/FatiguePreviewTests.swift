import AttuneModel
import Fatigue
import Foundation
import Reach
import Runtime
import Store
import StoreSQLite
import Testing

/// What was recorded, put before the same policy, and before others.
@Suite struct FatiguePreviewTests {
  private static let pushes = "fatigue: { zone: Asia/Shanghai, user: { perDay: 3 } }"

  private func files(_ settings: String = pushes) -> [String: String] {
    Workshop.files.merging(["attune.yaml": settings]) { $1 }
  }

  private func policy(_ files: [String: String]) throws -> FatiguePolicy {
    var diagnostics = Diagnostics()
    let source = try ConfigurationFolder.read(files: files)
    return try #require(CompiledConfiguration(source, at: Workshop.start, &diagnostics)).fatigue
  }

  /// A journal of purchases, reservations, settlements and moves, some users erased.
  private func record(_ store: OpenedStore, seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var ledger = try Ledger(recovering: store.journal)
    let settings = """
      fatigue:
        zone: Asia/Shanghai
        user: { perDay: 3 }
        scenes: { service: { times: 3, window: 9h } }
        businesses: { other: { scene: service, days: 2, times: 3, minGap: 2h } }
      """
    let auckland = try #require(ZoneTables.zone(named: "Pacific/Auckland"))
    let source = try ConfigurationFolder.read(files: files(settings), zones: ["America/New_York"])
    try ledger.commit(Workshop.batch(.zero, [.configuration(source), .zone(auckland)]))
    var waiting: [Message] = []
    for step: Int64 in 1...250 {
      var inputs: [Input] = []
      for index in 0..<Int.random(in: 1...6, using: &random) {
        let user = "u\(Int.random(in: 0..<8, using: &random))"
        let id = "\(Int.random(in: 0..<Int(step * 3), using: &random))"
        switch Int.random(in: 0..<24, using: &random) {
        case 0: inputs.append(.erase(user: user))
        case 1: inputs.append(.eraseFatigue(user: user))
        case 2:
          let zone = ["Pacific/Auckland", "America/New_York", nil].randomElement(using: &random) ?? nil
          inputs.append(.profile(ProfilePatch(user: user, changes: [.init("zone", zone.map { .string($0) })])))
        case 3...5:
          let outcome = FatigueSettlement.allCases.randomElement(using: &random) ?? .commit
          inputs.append(
            .settleReservation(ReservationSettlement(id: id, user: "u\(id.utf8.count)", settlement: outcome)))
        case 6...13:
          let zone = Bool.random(using: &random) ? "America/New_York" : nil
          // One user an id, as the service asks for it.
          inputs.append(.reserve(Reservation(id: id, user: "u\(id.utf8.count)", business: "other", zone: zone)))
        default: inputs.append(Workshop.buy(user, "\(step)-\(index)", after: .minutes(step * 11)))
        }
      }
      for message in waiting where Bool.random(using: &random) {
        let outcome = Settlement.Outcome.allCases.randomElement(using: &random) ?? .accepted
        inputs.append(.settlement(Settlement(message: message.id, outcome: outcome)))
      }
      waiting = try ledger.commit(Workshop.batch(.minutes(step * 11), inputs)).messages
    }
  }

  private func preview(_ store: OpenedStore, _ policy: FatiguePolicy) throws -> FatiguePreview.Report {
    var traffic = RecordedTraffic(FatiguePreview(policy: policy))
    try traffic.take(store)
    return traffic.preview.report
  }

  @Test(arguments: 1...4) func thePolicyInForceChangesNothing(seed: UInt64) async throws {
    try await Workshop.inFolder { folder in
      let store = try SQLiteStore.open(folder, options: .init(synchronous: .off))
      try record(store, seed: seed)
      let ledger = try Ledger(recovering: store.journal)
      let report = try preview(store, ledger.engine.configuration.fatigue)
      #expect(report.usersConcerned == 0, "seed \(seed)")
      for row in report.rows + [report.total] {
        #expect(row.before.refused == row.after.refused && row.before.passed == row.after.passed, "seed \(seed)")
      }
      let dimensions = Set(report.total.before.refused.filter { $0.value > 0 }.keys)
      #expect(dimensions == Set(FatigueVerdict.Dimension.allCases), "seed \(seed): \(dimensions)")
      #expect(report.total.before.passed > 50 && report.rows.map(\.name) == ["other", "thanks"], "seed \(seed)")
      try store.close()
    }
  }

  @Test func aStricterPolicyRefuses() async throws {
    try await Workshop.inFolder { folder in
      let store = try SQLiteStore.open(folder, options: .init(synchronous: .off))
      var ledger = try Ledger(recovering: store.journal)
      try ledger.commit(Workshop.batch(.zero, [.configuration(try Workshop.source())]))
      for hour: Int64 in 0..<3 {
        for user in ["ann", "bob"] {
          let inputs = [Workshop.buy(user, "\(hour)", after: .hours(hour))]
          try ledger.commit(Workshop.batch(.seconds(hour * 3600 + 5), hour == 2 && user == "bob" ? [] : inputs))
        }
      }
      let sent = try ledger.commit(Workshop.batch(.hours(4), []))
      #expect(sent.messages.isEmpty)
      // Before: two of ann's three passed (2 times a day), and both of bob's.
      let strict = try policy(files("fatigue: { zone: Asia/Shanghai, user: { perDay: 1 } }"))
      let report = try preview(store, strict)
      let row = try #require(report.rows.first)
      #expect(row.name == "thanks" && row.reached == 5 && row.before.passed == 4 && row.after.passed == 2)
      #expect(row.newlyRefused == 2 && row.newlyPassed == 0)
      #expect(row.before.refused == [.window: 1] && row.after.refused == [.user: 3])
      #expect(report.mostADay == (before: 2, after: 1) && report.userCount == 2 && report.usersConcerned == 2)
      try store.close()
    }
  }

  @Test func aBusinessThatIsGoneIsNamed() async throws {
    try await Workshop.inFolder { folder in
      let store = try SQLiteStore.open(folder, options: .init(synchronous: .off))
      try record(store, seed: 1)
      let report = try preview(store, try policy(files()))
      #expect(report.unknown.map(\.name) == ["other"])
      let row = try #require(report.unknown.first)
      #expect(row.after.unanswered == row.reached && row.newlyRefused == row.before.passed && row.newlyPassed == 0)
      try store.close()
    }
  }

  @Test func candidatesAreJudgedByBoth() async throws {
    try await Workshop.inFolder { folder in
      let path = folder + "/c.ndjson"
      let hours = [0, 1, 2, 30].map { #"{"id":\#($0),"at":\#($0 * 3_600_000),"user":"小明","business":"b"}"# }
      let lines = hours + [#"{"settle":"release","id":30}"#, #"{"id":31,"at":108000000,"user":"小明","business":"b"}"#]
      try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
      func policy(_ times: Int) throws -> FatiguePolicy {
        try FatiguePolicy(
          text: "{zone: UTC, user: {perDay: 9}, businesses: {b: {scene: s, days: 1, times: \(times), minGap: 0s}}}",
          file: "policy")
      }
      var file = try CandidateFile(path: path)
      var preview = FatiguePreview(policy: try policy(2))
      try preview.run(&file, against: try policy(1))
      let row = try #require(preview.report.rows.first)
      #expect(row.reached == 5 && row.before.passed == 3 && row.after.passed == 4 && row.newlyPassed == 1)
      #expect(preview.report.mostADay == (before: 2, after: 2))
    }
  }
}
