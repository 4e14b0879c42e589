import Foundation
import TestSupport
import Testing

/// `attune publish --dry-run --against STORE`: what a changed set of rules would have matched.
@Suite(.serialized) struct PublishPreviewTests {
  private struct Report: Decodable {
    struct Rule: Decodable {
      var rule: String
      var change: String
      var before: Int?
      var after: Int?
      var inForce: Count?
      var new: Count?
    }
    struct Count: Decodable, Equatable {
      var matches: Int
      var users: Int
    }
    var events: Int
    var rules: [Rule]
  }

  @Test func showsBothSetsBesideEachOther() async throws {
    let folder = try TemporaryFolder()
    try folder.write(Shop.files(), in: "shop")
    var next = Shop.files()
    next["rules/bought.yaml"] = next["rules/bought.yaml"]?.replacingOccurrences(of: "on: buy", with: "on: [buy, pay]")
    next["rules/fresh.yaml"] = Shop.rule("fresh", on: "view") + "\nmode: shadow"
    try folder.write(next, in: "next")
    let events = (0..<20).map { index in
      #"{"user":"u\#(index % 3)","event":"\#(["view", "buy", "pay", "view"][index % 4])","item":"i","#
        + #""id":"\#(index)","ts":\#(1_792_000_000_000 + index * 600_000)}"#
    }
    try folder.write(events.joined(separator: "\n"), to: "events.ndjson")
    let replayed = try await Program.run(
      "replay", "--config", folder.path("shop"), "--events", folder.path("events.ndjson"), "--store",
      folder.path("store"))
    #expect(replayed.code == 0, "\(replayed)")
    let arguments = ["publish", folder.path("next"), "--dry-run", "--against", folder.path("store")]
    let outcome = try await Program(arguments + ["--json"]).ended()
    #expect(outcome.code == 0, "\(outcome)")
    let report: Report = try outcome.decoded()
    #expect(report.events == 20)
    #expect(report.rules.map(\.rule) == ["bought", "fresh", "viewed"])
    #expect(report.rules.map(\.change) == ["changed", "new", "unchanged"])
    #expect(report.rules.map(\.inForce) == [.init(matches: 5, users: 3), nil, .init(matches: 10, users: 3)])
    #expect(report.rules.map(\.new) == [10, 10, 10].map { .init(matches: $0, users: 3) })
    #expect(report.rules[0].before == 1 && report.rules[0].after == 2)

    let hour: Report = try (try await Program(arguments + ["--last", "1h", "--json"]).ended()).decoded()
    #expect(hour.events == 7)
    let table = try await Program(arguments).ended()
    #expect(table.output.contains("changed") && table.output.contains("1 → 2"), "\(table.output)")
    let wrong = try await Program(["publish", folder.path("next"), "--last", "1h"]).ended()
    #expect(wrong.code == 64 && wrong.errors.contains("--against"), "\(wrong)")
    let nowhere = try await Program(
      ["publish", folder.path("next"), "--dry-run", "--against", folder.path("none")]
    ).ended()
    #expect(nowhere.code == 69, "\(nowhere)")
  }
}
