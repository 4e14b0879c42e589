import Foundation
import TestSupport
import Testing

/// `attune fatigue preview`: a policy before it is published.
@Suite(.serialized) struct FatiguePreviewCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Shop.files(), in: "shop")
    var stricter = Shop.files()
    stricter["attune.yaml"] = stricter["attune.yaml"]?.replacingOccurrences(
      of: "perDay: \(Shop.perDay)", with: "perDay: 1")
    try folder.write(stricter, in: "stricter")
    // Half a second apart, so that no gap keeps an offer back: per user two tips and four in all.
    let events = (0..<10).flatMap { index in
      ["ann", "李雷"].map { user in
        #"{"user":"\#(user)","event":"view","item":"i\#(index)","ts":\#(1_792_000_000_000 + index * 500)}"#
      }
    }
    try folder.write(events.joined(separator: "\n"), to: "events.ndjson")
  }

  private struct Preview: Decodable {
    struct Count: Decodable {
      var passed: Int
      var refused: [String: Int]
    }
    struct Row: Decodable {
      var name: String
      var candidates: Int
      var newlyPassed: Int
      var newlyRefused: Int
      var before: Count
      var after: Count
    }
    struct Most: Decodable {
      var before: Int
      var after: Int
    }
    var candidates: Int
    var users: Int
    var usersConcerned: Int
    var mostADay: Most
    var businesses: [Row]
    var total: Row
  }

  private func preview(_ policy: String, _ more: [String]) async throws -> Program.Outcome {
    try await Program(["fatigue", "preview", "--policy", folder.path(policy)] + more).ended()
  }

  @Test func aLogAndAStoreOfItTellTheSame() async throws {
    let events = ["--against", folder.path("events.ndjson"), "--config", folder.path("shop"), "--json"]
    let outcome = try await preview("stricter", events)
    #expect(outcome.code == 0, "\(outcome)")
    let said: Preview = try outcome.decoded()
    #expect(said.candidates == 40 && said.users == 2 && said.usersConcerned == 2, "\(said)")
    #expect(said.businesses.map(\.name) == ["offer", "tip"])
    #expect(said.total.before.passed == 2 * Shop.perDay && said.total.after.passed == 2)
    #expect(said.mostADay.before == Shop.perDay && said.mostADay.after == 1)
    #expect(said.total.newlyRefused == 2 * Shop.perDay - 2 && said.total.newlyPassed == 0)
    #expect(said.total.after.refused["user"] ?? 0 == 38)

    let recorded = try await Program.run(
      "replay", "--config", folder.path("shop"), "--events", folder.path("events.ndjson"), "--store",
      folder.path("store"))
    #expect(recorded.code == 0, "\(recorded)")
    let stored = try await preview("stricter", ["--against", folder.path("store"), "--json"])
    #expect(stored.output == outcome.output, "\(stored)")
    let same: Preview = try await preview("shop", ["--against", folder.path("store"), "--json"]).decoded()
    #expect(same.usersConcerned == 0 && same.total.before.refused == same.total.after.refused)

    let text = try await preview("stricter", ["--against", folder.path("store")])
    #expect(text.output.hasPrefix("40 candidates of 2 users; 2 users are answered otherwise\n"), "\(text)")
    #expect(text.output.contains("the most that pass for one user in a day: 4 before, 1 now"))
  }

  @Test func candidatesAndWhatIsGone() async throws {
    try folder.write(
      "{ zone: UTC, user: { perDay: 9 }, businesses: { \(Self.limit("降价")), \(Self.limit("b")) } }", to: "old")
    try folder.write("{ zone: UTC, user: { perDay: 9 }, businesses: { \(Self.limit("b", times: 2)) } }", to: "new")
    let lines = ["降价", "b", "b"].enumerated().map {
      #"{"id":\#($0.offset),"at":\#($0.offset),"user":"u","business":"\#($0.element)"}"#
    }
    try folder.write(lines.joined(separator: "\n"), to: "c.ndjson")
    let arguments = ["--against", folder.path("c.ndjson"), "--current", folder.path("old")]
    let said: Preview = try await preview("new", arguments + ["--json"]).decoded()
    #expect(said.businesses.map(\.newlyPassed) == [1, 0] && said.businesses.map(\.newlyRefused) == [0, 1])
    #expect(said.total.after.refused["unknown"] == 1)
    let text = try await preview("new", arguments)
    #expect(text.errors.contains("the new policy has no business '降价': its 1 candidates count as refused"))
  }

  private static func limit(_ name: String, times: Int = 1) -> String {
    "\(name): { scene: s, days: 1, times: \(times), minGap: 0s }"
  }

  @Test func whatIsMissingIsSaid() async throws {
    let events = ["--against", folder.path("events.ndjson")]
    let alone = try await preview("stricter", events)
    #expect(alone.code == 65 && alone.errors.contains("(hint: --config FOLDER)"), "\(alone)")
    let both = try await preview(
      "stricter", events + ["--config", folder.path("shop"), "--current", folder.path("shop")])
    #expect(both.code == 65 && both.errors.contains("--current has no meaning"), "\(both)")
    let nowhere = try await preview("stricter", ["--against", folder.path("nowhere")])
    #expect(nowhere.code == 65 && nowhere.errors.contains("nowhere: no such file"), "\(nowhere)")
    let empty = try await preview("stricter", ["--against", folder.path("shop")])
    #expect(empty.code == 69 && empty.errors.contains("there is no store in"), "\(empty)")
  }
}
