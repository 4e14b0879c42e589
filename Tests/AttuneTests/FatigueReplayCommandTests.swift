import Foundation
import TestSupport
import Testing

/// `attune fatigue replay`: a verdict for each candidate, to the letter.
@Suite(.serialized) struct FatigueReplayCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder([
      "policy.yaml": """
      zone: Asia/Shanghai
      user: { perDay: 5, reserve: 1, reservePriority: 8 }
      businesses:
        price-drop: { scene: feed, days: 7, times: 3, minGap: 4h, priority: 5 }
        降价: { scene: feed, days: 1, times: 1, minGap: 0s, counts: true }
      """,
      "once.json": """
      { "zone": "UTC", "user": { "perDay": 0 }, "origin": 0, "businesses": {
        "price-drop": { "scene": "feed", "days": 1, "times": 1, "minGap": "0s" } } }
      """,
    ])
  }

  private struct Verdict: Decodable {
    struct Dimensions: Decodable {
      struct Count: Decodable {
        var count: Int
        var limit: Int
        var next: Int64?
      }
      struct Gap: Decodable {
        var last: Int64?
        var minGap: Int64
        var next: Int64?
      }
      var user: Count?
      var scene: Count?
      var window: Count
      var gap: Gap?
    }
    var pass: Bool
    var reason: String?
    var next: Int64?
    var dimensions: Dimensions
  }

  private func replay(_ candidates: String, _ more: String..., policy: String = "policy.yaml") async throws
    -> Program.Outcome
  {
    let arguments = ["--policy", folder.path(policy), "--candidates", folder.path(candidates)]
    return try await Program(["fatigue", "replay"] + arguments + more).ended()
  }

  private func verdicts(_ outcome: Program.Outcome) throws -> [Verdict] {
    try outcome.output.split(separator: "\n").map { try JSONDecoder().decode(Verdict.self, from: Data($0.utf8)) }
  }

  /// Monday, 2 March 2026, 00:00 in Shanghai.
  private static let monday: Int64 = 1_772_380_800_000
  private static func at(_ day: Int64, _ hour: Int64, _ minute: Int64, _ second: Int64 = 0) -> Int64 {
    monday + (((day * 24 + hour) * 60 + minute) * 60 + second) * 1000
  }

  private static func ask(_ id: String, _ at: Int64, business: String = "price-drop", user: String = "小明") -> String {
    #"{"id":\#(id),"at":\#(at),"user":"\#(user)","business":"\#(business)"}"#
  }

  /// The table of FATIGUE.md; Thursday's policy has windows of a day.
  private static let examples = [
    ask("1", at(0, 23, 50)), ask("\"b\"", at(1, 0, 5)), ask("3", at(1, 3, 50)), ask("4", at(2, 10, 0)),
    ask("5", at(3, 10, 0)),
    """
    {"at":\(at(3, 11, 0)),"policy":{"zone":"Asia/Shanghai","user":{"perDay":5},\
    "businesses":{"price-drop":{"scene":"feed","days":1,"times":3,"minGap":"4h"}}}}
    """,
    ask("6", at(7, 23, 49, 59)), ask("7", at(7, 23, 50)),
  ]

  @Test(arguments: ["\n", "\r\n", "\r\n\r\n  \n"]) func theWorkedExamples(newline: String) async throws {
    try folder.write(Self.examples.joined(separator: newline), to: "c.ndjson")
    let outcome = try await replay("c.ndjson", "--json")
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome)")
    let all = try verdicts(outcome)
    #expect(all.map(\.pass) == [true, false, true, true, false, false, true])
    #expect(all.map(\.reason) == [nil, "gap", nil, nil, "window", "window", nil])
    #expect(all[1].next == Self.at(1, 3, 50) && all[1].dimensions.gap?.last == Self.at(0, 23, 50))
    #expect(all[4].next == Self.at(7, 23, 50) && all[4].dimensions.window.count == 3)
    #expect(all.allSatisfy { $0.dimensions.scene == nil && $0.dimensions.gap?.minGap == 14_400_000 })
    #expect(all.map(\.dimensions.user?.limit) == [4, 4, 4, 4, 4, 5, 5], "one is kept for priority 8")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines[0].hasPrefix(#"{"id":1,"pass":true,"reason":null,"next":null,"dimensions":{"user":{"#))
    #expect(lines[1].hasPrefix(#"{"id":"b","pass":false,"reason":"gap","next":"#), "an id comes back as it was given")
  }

  @Test func compressedIsTheSame() async throws {
    let text = Self.examples.joined(separator: "\n")
    try folder.write(text, to: "c.ndjson")
    MarketLog.gzip(text, to: folder.path("c.ndjson.gz"))
    let plain = try await replay("c.ndjson")
    #expect(plain.code == 0 && !plain.output.isEmpty)
    #expect(try await replay("c.ndjson.gz").output == plain.output)
  }

  /// With n = 1 and m = 1 it passes on both sides of the origin's midnight.
  @Test func version1() async throws {
    let midnight = Self.monday + 32 * 3_600_000
    let lines = [-600, -60, 300].map { seconds in Self.ask("\(seconds)", midnight + Int64(seconds) * 1000) }
    try folder.write(lines.joined(separator: "\n"), to: "c.ndjson")
    let outcome = try await replay("c.ndjson", "--version", "1", policy: "once.json")
    let all = try verdicts(outcome)
    #expect(all.map(\.pass) == [true, false, true], "\(outcome)")
    #expect(all[1].reason == "window" && all[1].next == midnight)
    #expect(all.allSatisfy { $0.dimensions.user == nil && $0.dimensions.scene == nil && $0.dimensions.gap == nil })
    let second = try verdicts(try await replay("c.ndjson", policy: "once.json"))
    #expect(second.map(\.reason) == ["user", "user", "user"] && second.allSatisfy { $0.next == nil })
  }

  @Test func theFirstLineThatCannotBeFollowedEndsIt() async throws {
    let lines = [Self.ask("1", 0), "", Self.ask("2", 0, business: "降阶"), Self.ask("3", 0)]
    try folder.write(lines.joined(separator: "\n"), to: "c.ndjson")
    let outcome = try await replay("c.ndjson")
    #expect(outcome.code == 65 && outcome.output.split(separator: "\n").count == 1, "\(outcome)")
    #expect(
      outcome.errors
        == "attune: \(folder.path("c.ndjson")):3: /business: the policy has no business '降阶' (hint: did you mean '降价'?)\n"
    )
  }

  @Test func aPolicyWithErrorsIsExplained() async throws {
    try folder.write("zone: UTC\nuser: { perDay: many }\nbusinesses: { a: { scene: s, days: 0 } }\n", to: "bad.yaml")
    try folder.write("", to: "c.ndjson")
    let outcome = try await replay("c.ndjson", policy: "bad.yaml")
    #expect(outcome.code == 65 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("bad.yaml:2:17: error: expected perDay"), "\(outcome)")
    #expect(outcome.errors.contains("bad.yaml:3:") && outcome.errors.contains("expected days"), "\(outcome)")
    let missing = try await replay("c.ndjson", policy: "nowhere.yaml")
    #expect(missing.code == 65 && missing.errors.contains("nowhere.yaml:1:1: error: the file cannot be read"))
    #expect(try await replay("nowhere.ndjson").errors.contains("nowhere.ndjson: no such file"))
    #expect(try await replay("c.ndjson", "--version", "3").code == 64)
  }

  @Test func aLongFileIsReadLineByLine() async throws {
    let lines = (0..<20_000).map { Self.ask("\($0)", Self.monday + Int64($0) * 60_000, user: "u\($0 % 500)") }
    try folder.write(lines.joined(separator: "\n"), to: "c.ndjson")
    let outcome = try await replay("c.ndjson")
    let answers = outcome.output.split(separator: "\n")
    #expect(outcome.code == 0 && answers.count == 20_000)
    #expect(answers.last?.hasPrefix(#"{"id":19999,"#) == true)
  }
}
