import AttuneModel
import Foundation
import TestSupport
import Testing

/// `attune replay`: the same log, the same answers, also over deaths and in other wrappings.
@Suite(.serialized) struct ReplayCommandTests {
  private let folder: TemporaryFolder
  private let log: MarketLog
  private let market = Repository.example("market")

  init() throws {
    log = MarketLog(seed: 2026, bursts: 700)
    folder = try TemporaryFolder(["events.ndjson": log.text])
  }

  /// Of the log, unless told otherwise; decisions go to a file of that name.
  private func arguments(_ decisions: String, events: String = "events.ndjson", store: String? = nil) -> [String] {
    let stored = store.map { ["--store", folder.path($0)] } ?? []
    return [
      "replay", "--config", market, "--events", folder.path(events), "--decisions", folder.path(decisions), "--json",
    ] + stored
  }

  private func replay(
    _ decisions: String, events: String = "events.ndjson", store: String? = nil
  ) async throws -> Program.Outcome {
    try await Program(arguments(decisions, events: events, store: store)).ended()
  }

  @Test func twiceTheSame() async throws {
    let first = try await replay("a")
    let second = try await replay("b")
    #expect(first.code == 0 && second.code == 0, "\(first.errors)")
    #expect(first.output == second.output)
    #expect(folder.text("a") == folder.text("b"))

    let summary: Summary = try first.decoded()
    #expect(summary.events == log.lines.count && summary.invalid == log.malformed.count, "\(summary)")
    #expect(summary.duplicates == log.duplicates && summary.late == log.late, "\(summary)")
    #expect(summary.events == summary.accepted + summary.duplicates + summary.late + summary.invalid)
    let refused = summary.refused.values.reduce(0, +)
    #expect(summary.candidates == summary.sent + refused + summary.retracted + summary.pending, "\(summary)")
    #expect(summary.sent > 20 && refused > 20 && summary.deferred > 0 && summary.matches > 0, "\(summary)")

    let decisions = try decisions("a")
    #expect(decisions.count { $0.outcome == "sent" } == summary.sent)
    #expect(decisions.count { $0.outcome == "refused" } == refused)
    #expect(decisions.count { $0.outcome == "deferred" } == summary.deferred)
    #expect(Set(decisions.map(\.id)).count == summary.candidates)
    #expect(!decisions.contains { ($0.outcome == "sent") != ($0.filter == nil) })
  }

  @Test func linesThatAreNoEventsAreNamed() async throws {
    let outcome = try await replay("a")
    let told = outcome.errors.split(separator: "\n").filter { $0.hasPrefix(folder.path("events.ndjson") + ":") }
    #expect(log.malformed.count > 5)
    #expect(told.count == min(20, log.malformed.count))
    for (line, number) in zip(told, log.malformed) {
      #expect(line.hasPrefix(folder.path("events.ndjson") + ":\(number): "), "\(line)")
    }
    #expect(outcome.errors.contains("'event' is missing"))
  }

  @Test func killedAndResumed() async throws {
    let seed = UInt64.random(in: 0...(.max))
    var random = SeededGenerator(seed: seed)
    let started = ContinuousClock.now
    let whole = try await replay("whole")
    let took = (ContinuousClock.now - started) / .milliseconds(1)
    var deaths: [Int] = []
    for _ in 0..<3 {
      let program = try Program(arguments("resumed", store: "store"))
      defer { program.kill() }
      deaths.append(Int.random(in: 30...max(31, Int(took * 0.8)), using: &random))
      try await Task.sleep(for: .milliseconds(deaths.last ?? 0))
      program.kill()
      _ = try await program.ended()
    }
    let resumed = try await replay("resumed", store: "store")
    let context: Comment = "seed \(seed), killed after \(deaths) of \(took) ms"
    #expect(resumed.code == 0, context)
    #expect(resumed.output == whole.output && folder.text("resumed") == folder.text("whole"), context)

    let report: Report = try await Program.run("report", "--store", folder.path("store"), "--json").decoded()
    let summary: Summary = try whole.decoded()
    #expect(report.total.sent == summary.sent && report.total.accepted == summary.sent, context)
    // A run that is over can be asked again.
    let again = try await replay("again", store: "store")
    #expect(again.output == whole.output && folder.text("again") == folder.text("whole"), context)
  }

  @Test func aStoreBelongsToOneRun() async throws {
    try folder.write(MarketLog(seed: 1, bursts: 20).text, to: "short.ndjson")
    let run = try await replay("decisions", events: "short.ndjson", store: "store")
    #expect(run.code == 0, "\(run.errors)")
    let before = folder.text("decisions")
    let otherLog = try await replay("decisions", store: "store")
    #expect(otherLog.code == 65 && otherLog.errors.contains("another log or configuration"), "\(otherLog)")
    let otherConfiguration = try await Program.run(
      "replay", "--config", Repository.example("town"), "--events", folder.path("short.ndjson"), "--store",
      folder.path("store"), "--decisions", folder.path("decisions"))
    #expect(otherConfiguration.code == 65, "\(otherConfiguration)")
    #expect(otherConfiguration.errors.contains("hint: choose another --store"), "\(otherConfiguration)")
    #expect(!before.isEmpty && folder.text("decisions") == before)
    let served = try await Program.run(
      "serve", "--config", market, "--store", folder.path("store"), "--address", "127.0.0.1:0")
    #expect(served.code == 69 && served.errors.contains("belongs to a replay"), "\(served)")
    let same = try await replay("decisions", events: "short.ndjson", store: "store")
    #expect(same.output == run.output && folder.text("decisions") == before)
  }

  @Test func compressedIsTheSame() async throws {
    let short = MarketLog(seed: 3, bursts: 100)
    try folder.write(short.text, to: "plain.ndjson")
    MarketLog.gzip(short.text, to: folder.path("packed.ndjson.gz"))
    let plain = try await replay("a", events: "plain.ndjson")
    let packed = try await replay("b", events: "packed.ndjson.gz")
    #expect(plain.code == 0 && plain.output == packed.output && folder.text("a") == folder.text("b"))
    #expect(!folder.text("a").isEmpty)

    let bytes = FileManager.default.contents(atPath: folder.path("packed.ndjson.gz")) ?? Data()
    try bytes.dropLast(200).write(to: URL(fileURLWithPath: folder.path("torn.gz")))
    let torn = try await replay("c", events: "torn.gz")
    #expect(torn.code == 65 && torn.errors.contains("torn.gz: the compressed data ends too early"), "\(torn)")
  }

  /// At noon UTC it is 20:00 in Shanghai, the policy's zone, and 07:00 in New York: quiet hours until 08:00 there.
  @Test func usersBringTheirZones() async throws {
    let noon = MarketLog.start + 12 * 3_600_000
    let events = ["here", "there"].flatMap { user in
      (0..<10).map { #"{"user":"\#(user)","event":"view","item":"i\#($0)","ts":\#(noon + Int64($0))}"# }
    }
    // Time has to pass for those who wait.
    let later = #"{"user":"other","event":"nothing","ts":\#(noon + 2 * 3_600_000)}"#
    let files = [
      "attune.yaml": """
      fatigue: { zone: Asia/Shanghai, user: { perDay: 5 } }
      quietHours: { from: "22:00", to: "08:00" }
      """,
      "rules/viewed.yaml": Shop.rule("viewed", on: "view"),
      "businesses/tip.yaml": Shop.business("tip", when: "viewed", "{ days: 1, times: 1, minGap: 0s }")
        .replacingOccurrences(of: "[consent]", with: "[consent, quietHours]"),
    ]
    try folder.write(files, in: "config")
    try folder.write((events + [later]).joined(separator: "\n"), to: "noon.ndjson")
    try folder.write(
      """
      {"user":"there","zone":"America/New_York","name":"Ann"}
      {"user":"nobody","zone":7}
      {"user":"here","consent":true}
      """, to: "users.ndjson")
    let outcome = try await Program.run(
      "replay", "--config", folder.path("config"), "--events", folder.path("noon.ndjson"), "--users",
      folder.path("users.ndjson"), "--decisions", folder.path("d"), "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("users.ndjson:2: /zone: "), "\(outcome.errors)")
    let summary: Summary = try outcome.decoded()
    #expect(summary.users == 2 && summary.sent == 2 && summary.events == 21, "\(summary)")
    let sent = try decisions("d").filter { $0.outcome == "sent" }
    #expect(sent.first { $0.user == "here" }?.at == noon)
    #expect(sent.first { $0.user == "there" }?.at == noon + 3_600_000)
    #expect(try decisions("d").first { $0.user == "there" }?.next == noon + 3_600_000)
  }

  /// Whoever sees that nothing matched sees why.
  @Test func aLogOfOtherNamesIsTold() async throws {
    try folder.write(
      """
      {"user":"u1","event":"Viewed","item_id":"x","ts":1769851800000}
      {"user":"u1","event":"Viewed","item_id":"x","ts":1769851801000}
      """, to: "foreign.ndjson")
    let foreign = try await replay("a", events: "foreign.ndjson")
    #expect(foreign.code == 0, "\(foreign.errors)")
    #expect(
      foreign.errors.contains("nothing matched: the log has Viewed (2), with the properties item_id"),
      "\(foreign.errors)")
    #expect(foreign.errors.contains("wants ") && foreign.errors.contains("(not seen"), "\(foreign.errors)")

    try folder.write(#"{"user_id":"u1","event":"view","ts":1769851800000}"# + "\n", to: "lost.ndjson")
    let lost = try await replay("a", events: "lost.ndjson")
    #expect(lost.code == 65 && lost.errors.contains("none of the 1 lines is an event"), "\(lost)")
    #expect(lost.errors.contains("is 'user_id' meant to be 'user'?"), "\(lost.errors)")

    try folder.write("user,event,ts\nu1,view,1\nu2,view,2\n", to: "table.ndjson")
    let table = try await replay("a", events: "table.ndjson")
    #expect(table.code == 65 && table.errors.components(separatedBy: "CSV").count == 2, "\(table)")

    var files = Shop.files()
    files["attune.yaml"]? += "\ningest: { map: { user: user_id, event: name, ts: at, properties: data } }\n"
    try folder.write(files, in: "mapped")
    try folder.write(
      #"{"user_id":"u1","name":"view","at":1769851800000,"data":{"item":"x"}}"# + "\n", to: "mapped.ndjson")
    try folder.write(#"{"user_id":"u1","city":"x"}"# + "\n" + #"{"uid":"u2"}"# + "\n", to: "profiles.ndjson")
    let mapped = try await Program.run(
      "replay", "--config", folder.path("mapped"), "--events", folder.path("mapped.ndjson"), "--users",
      folder.path("profiles.ndjson"))
    #expect(mapped.code == 0 && mapped.output.contains("2 profiles: 1 invalid"), "\(mapped)")
    #expect(mapped.output.contains("1 event: 1 accepted"), "\(mapped)")
  }

  @Test func mistakesAreToldAndHarmNothing() async throws {
    try folder.write(MarketLog(seed: 1, bursts: 20).text, to: "short.ndjson")
    try folder.write("before", to: "kept")
    let missing = try await replay("kept", events: "nowhere.ndjson", store: "store")
    #expect(missing.code == 65 && missing.errors.contains("nowhere.ndjson: no such file"), "\(missing)")
    #expect(missing.output.isEmpty && folder.text("kept") == "before")
    for place in ["no/such/folder/out", ""] {
      let unwritable = try await replay(place, events: "short.ndjson", store: "store")
      #expect(unwritable.code == 65 && unwritable.errors.contains("cannot be written"), "\(unwritable)")
    }
    let noUsers = try await Program(
      arguments("kept", events: "short.ndjson", store: "store") + ["--users", folder.path("nobody")]
    ).ended()
    #expect(noUsers.code == 65 && noUsers.errors.contains("nobody: no such file"), "\(noUsers)")
    // The store was bound to none of these.
    let right = try await replay("kept", events: "short.ndjson", store: "store")
    #expect(right.code == 0, "\(right.errors)")

    try folder.write("fatigue: [1, 2\n", to: "broken/attune.yaml")
    let outcome = try await Program.run(
      "replay", "--config", folder.path("broken"), "--events", folder.path("short.ndjson"))
    #expect(outcome.code == 65 && outcome.errors.contains("attune.yaml:"), "\(outcome)")
  }

  private func decisions(_ name: String) throws -> [Decision] {
    try folder.text(name).split(separator: "\n").map { try JSONDecoder().decode(Decision.self, from: Data($0.utf8)) }
  }
}
