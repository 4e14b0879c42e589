import Foundation
import TestSupport
import Testing

/// `attune rules match` and `attune rules test`, to the letter.
@Suite(.serialized) struct RulesCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder([
      "rules.yaml": """
      rule: left
      key: [user, item]
      pattern: [{ on: cart, as: c }, { not: buy, for: 30m }]
      emit: { item: c.item, price: c.price }
      ---
      rule: bought
      pattern: [{ on: buy, as: b }]
      """
    ])
  }

  private func match(_ lines: [String], _ more: String...) async throws -> Program.Outcome {
    try folder.write(lines.joined(separator: "\n"), to: "e.ndjson")
    return try await Program(
      ["rules", "match", "--rules", folder.path("rules.yaml"), "--events", folder.path("e.ndjson")] + more
    ).ended()
  }

  private let cart = #"{"id":"e1","user":"小明","event":"cart","item":"x","price":80,"ts":1000}"#
  private let left =
    #"{"rule":"left","version":1,"key":["小明","x"],"at":1801000,"events":{"c":["e1"]},"emit":{"item":"x","price":80}}"#

  @Test func oneMatchALine() async throws {
    let buy = #"{"user":"u2","event":"buy","ts":2000}"#
    let outcome = try await match([cart, buy])
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome)")
    let bought = #"{"rule":"bought","version":1,"key":["u2"],"at":2000,"events":{"b":[1]},"emit":{}}"#
    #expect(outcome.output == "\(bought)\n\(left)\n", "an event without an id goes by its number")
    MarketLog.gzip([cart, buy].joined(separator: "\n"), to: folder.path("e.ndjson.gz"))
    let compressed = try await Program.run(
      "rules", "match", "--rules", folder.path("rules.yaml"), "--events", folder.path("e.ndjson.gz"))
    #expect(compressed.output == outcome.output)
  }

  /// The clock makes what comes after it late, and fires what waits.
  @Test func clocksAndLateEvents() async throws {
    let outcome = try await match([
      cart, #"{"clock":1802000}"#, #"{"id":"b","user":"u2","event":"buy","item":"x","ts":3000}"#,
    ])
    #expect(
      outcome.output == """
        \(left)
        {"late":{"id":"b","user":"u2","event":"buy","ts":3000}}\n
        """, "\(outcome)")
  }

  @Test func onlyWatermarksMoveTime() async throws {
    let lines = [
      cart, #"{"user":"u3","event":"buy","ts":9000000}"#, #"{"user":"小明","event":"buy","item":"x","ts":1500}"#,
      #"{"watermark":1500}"#, #"{"user":"u2","event":"buy","ts":1500}"#,
    ]
    let explicit = try await match(lines, "--watermarks", "explicit")
    #expect(explicit.output.split(separator: "\n").count == 3 && !explicit.output.contains("left"), "\(explicit)")
    #expect(explicit.output.contains(#"{"late":{"id":null,"user":"u2","event":"buy","ts":1500}}"#))
    let auto = try await match(lines)
    #expect(auto.output.contains(left), "\(auto)")
    let patient = try await match(lines, "--lateness", "1d")
    #expect(!patient.output.contains("left"), "\(patient)")
  }

  @Test func theFirstBadLineEndsIt() async throws {
    let outcome = try await match([
      #"{"user":"u2","event":"buy","ts":1}"#, "", #"{"user":"小明","event":"buy","ts":"noon"}"#,
    ])
    #expect(outcome.code == 65 && outcome.output.isEmpty, "\(outcome)")
    let place = "attune: \(folder.path("e.ndjson")):3:33: error: /ts: ts is no RFC 3339 instant (hint: "
    #expect(outcome.errors.hasPrefix(place), "\(outcome)")
  }

  @Test func whatIsWrongWithTheRest() async throws {
    try folder.write("rule: r\npattern: [{ on: view }, { tehn: buy }]\n", to: "bad.yaml")
    let bad = try await Program.run("rules", "match", "--rules", folder.path("bad.yaml"), "--events", "-")
    #expect(bad.code == 65 && bad.errors.contains("bad.yaml:2:27: error: a step has no key 'tehn'"), "\(bad)")
    let none = try await Program.run("rules", "match", "--rules", "nowhere.yaml", "--events", "-")
    #expect(none.code == 65 && none.errors.contains("nowhere.yaml:1:1: error: the file cannot be read"), "\(none)")
    for wrong in [["--attempts", "0"], ["--lateness", "soon"], ["--watermarks", "maybe"]] {
      let outcome = try await Program(
        ["rules", "match", "--rules", folder.path("rules.yaml"), "--events", "-"] + wrong
      ).ended()
      #expect(outcome.code == 64, "\(outcome)")
    }
    let zone = try await match([], "--zone", "Asia/Shanghia")
    #expect(zone.code == 65 && zone.errors.contains("did you mean 'Asia/Shanghai'?"), "\(zone)")
  }

  @Test func noMoreAttemptsThanWanted() async throws {
    try folder.write("rule: r\npattern: [{ on: a }, { then: b }]\nwithin: 1h\nskip: none\n", to: "rules.yaml")
    let lines = (0..<100).map { #"{"user":"u","event":"a","ts":\#($0)}"# } + [#"{"user":"u","event":"b","ts":100}"#]
    #expect(try await match(lines).output.split(separator: "\n").count == 100)
    let few = try await match(lines, "--attempts", "7")
    #expect(few.output.split(separator: "\n").count == 7 && few.errors.contains("93 attempts could not be opened"))
  }

  private struct Report: Decodable {
    struct File: Decodable {
      struct Test: Decodable {
        struct Difference: Decodable {
          var kind: String
          var line: Int?
        }
        var name: String
        var passed: Bool
        var differences: [Difference]
      }
      var file: String
      var passed: Bool
      var tests: [Test]
    }
    var passed: Bool
    var files: [File]
    var diagnostics: [Checked.Diagnostic]
  }

  private struct Explained: Decodable {
    struct Rule: Decodable { var rule: String }
    var rules: [Rule]
    var diagnostics: [Checked.Diagnostic]
  }

  @Test func differencesAreReadable() async throws {
    let tests = """
      rules: [rules.yaml]
      tests:
        - name: left for too long
          events: [{ at: 0s, id: e1, user: u1, event: cart, item: x, price: 80 }]
          expect:
            - { rule: left, key: [u1, x], at: 31m, emit: { item: x, price: 80 } }
        - name: nothing at all
          events: []
          expect: []
      """
    try folder.write(tests, to: "tests.yaml")
    let path = folder.path("tests.yaml")
    let failed = try await Program.run("rules", "test", path)
    #expect(failed.code == 1)
    #expect(
      failed.output == """
        \(path)
          FAILED: 1 of 2 tests
            left for too long (line 3)
              different   left [u1, x] at 31m, emit { item: x, price: 80 } (line 6)
                at: expected 31m, got 30m\n
        """, "\(failed)")
    let report: Report = try await Program.run("rules", "test", path, "--json").decoded()
    #expect(!report.passed && report.files.first?.tests.map(\.passed) == [false, true])
    #expect(report.files.first?.tests.first?.differences.first?.line == 6)

    try folder.write(tests.replacingOccurrences(of: "31m", with: "30m"), to: "tests.yaml")
    let passed = try await Program.run("rules", "test", path, path)
    #expect(passed.code == 0 && passed.output == "\(path)\n  SUCCESS: 2 tests\n\(path)\n  SUCCESS: 2 tests\n")
    try folder.write("rules: [nowhere.yaml]\ntests: []\n", to: "tests.yaml")
    let broken = try await Program.run("rules", "test", path)
    #expect(broken.code == 65 && broken.errors.contains("nowhere.yaml:1:1: error:"), "\(broken)")
    let told = try await Program.run("rules", "test", path, "--json")
    let nothing: Report = try told.decoded()
    #expect(told.code == 65 && told.errors.isEmpty && !nothing.passed && nothing.files.isEmpty, "\(told)")
    #expect(nothing.diagnostics.map(\.severity) == ["error"] && nothing.diagnostics.first?.line == 1, "\(told)")
  }

  /// Whoever reads JSON gets JSON, also of what is wrong.
  @Test func mistakesAsJSON() async throws {
    try folder.write("rule: a\npatern:\n  - { on: cart }\n", to: "bad.yaml")
    let outcome = try await Program.run("rules", "explain", folder.path("bad.yaml"), "--json")
    let told: Explained = try outcome.decoded()
    #expect(outcome.code == 65 && outcome.errors.isEmpty && told.rules.isEmpty, "\(outcome)")
    #expect(told.diagnostics.contains { $0.line == 2 && $0.hint == "did you mean 'pattern'?" }, "\(outcome)")
    let sound = try await Program.run("rules", "explain", folder.path("rules.yaml"), "--json")
    let explained: Explained = try sound.decoded()
    #expect(sound.code == 0 && explained.rules.map(\.rule) == ["left", "bought"], "\(sound)")
  }
}
