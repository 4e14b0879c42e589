import AttuneModel
import Foundation
import Runtime
import TestSupport
import Testing

/// Tests of rules: how they are read, and what is told of the differences.
@Suite struct RuleTestTests {
  private static let rules = """
    rule: left
    key: [user, item]
    pattern: [{ on: cart, as: c }, { not: buy, for: 30m }]
    emit: { item: c.item, price: c.price }
    ---
    rule: vip
    pattern: [{ on: view, where: profile.level > 3 }]
    """

  private func outcomes(_ tests: String, rules: String = rules) async throws -> [RuleTestOutcome] {
    try await Workshop.inFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/tests", withIntermediateDirectories: true)
      try rules.write(toFile: folder + "/rules.yaml", atomically: false, encoding: .utf8)
      let path = folder + "/tests/a.yaml"
      try ("rules: [../rules.yaml]\n" + tests).write(toFile: path, atomically: false, encoding: .utf8)
      var warnings = Diagnostics()
      return try RuleTestFile(path: path, warnings: &warnings).run()
    }
  }

  private func told(_ tests: String) async throws -> [String] {
    try await outcomes(tests).flatMap(\.differences).map { difference in
      switch difference {
      case .missing(let row, let mark): "missing \(mark.line): \(row)"
      case .unexpected(let row): "unexpected: \(row)"
      case .other(_, let mark, _, let fields):
        "other \(mark.line): " + fields.map { "\($0.name) \($0.expected) / \($0.got)" }.joined(separator: "; ")
      }
    }
  }

  /// The events of one test, and what it expects.
  private func test(_ events: String..., expect: String...) -> String {
    "tests:\n  - name: a test\n    events: [\(events.joined(separator: ",\n      "))]\n    expect:\n"
      + (expect.isEmpty ? "      []\n" : expect.map { "      - \($0)\n" }.joined())
  }

  private let cart = "{ at: 0s, id: e1, user: u1, event: cart, item: x, price: 3 }"

  @Test func whatAgreesPasses() async throws {
    let full = "{ rule: left, key: [u1, x], at: 30m, emit: { item: x, price: 3 }, events: { c: [e1] } }"
    let short = "{ rule: left, events: [e1] }"
    let named = "{ rule: left, key: { item: x, user: u1 }, at: 2024-01-01T00:30:00Z }"
    for row in [full, short, named] { #expect(try await told(test(cart, expect: row)) == [], "\(row)") }
  }

  @Test func whatDiffersIsTold() async throws {
    let row = "{ rule: left, key: [u1, x], at: 31m, emit: { item: x, price: \"3\" }, events: { c: [e2] } }"
    #expect(
      try await told(test(cart, expect: row)) == [
        "other 6: at 31m / 30m; emit.price \"3\" / 3; events.c [e2] / [e1]"
      ])
    #expect(
      try await told(test(cart, expect: "{ rule: left, emit: { price: 3, colour: red } }")) == [
        "other 6: emit.colour red / nothing; emit.item nothing / x"
      ])
  }

  @Test func whatIsMissingAndWhatIsTooMuch() async throws {
    #expect(
      try await told(test(cart)) == [
        "unexpected: left [u1, x] at 30m, emit { item: x, price: 3 }, events { c: [e1] }"
      ])
    #expect(
      try await told(test(cart, expect: "{ rule: left, key: [u1, x], at: 30m }", "{ rule: vip, key: u1, at: 5m }"))
        == ["missing 7: vip [u1] at 5m"])
    // Another key at another time is another match, not the same one gone wrong.
    let other = try await told(test(cart, expect: "{ rule: left, key: [u2, x], at: 10m }"))
    #expect(other.count == 2 && other[0].hasPrefix("missing") && other[1].hasPrefix("unexpected"))
  }

  @Test func theOrderOfRowsIsOfNoMeaning() async throws {
    let rows = [
      "{ rule: left, key: [u1, z] }", "{ rule: left, key: [u1, x] }", "{ rule: left, key: [u1, y], at: 31m }",
    ]
    let events = ["x", "y", "z"].enumerated().map { "{ at: \($0)m, user: u1, event: cart, item: \($1) }" }
    #expect(try await told(test(events[0], events[1], events[2], expect: rows[0], rows[1], rows[2])) == [])
  }

  /// A test that says how late it is ends there; any other at the end of time.
  @Test func whereTimeEnds() async throws {
    #expect(try await told(test(cart, "{ clock: 29m }")) == [])
    #expect(try await told(test(cart, "{ clock: 30m }")).count == 1)
    #expect(try await told(test(cart, "{ watermark: 30m }")).count == 1)
    #expect(try await told(test(cart)).count == 1)
  }

  @Test func aLateEventCancels() async throws {
    let late = "{ at: 1m, user: u1, event: buy, item: x }"
    #expect(try await told(test(cart, "{ clock: 20m }", late, "{ clock: 1h }")) == [])
  }

  @Test func profilesAndRepeats() async throws {
    let profile = "{ user: u1, profile: { level: 5 } }"
    let view = "{ at: 1s, user: \"u{n}\", event: view, repeat: { times: 2, every: 1s } }"
    #expect(try await told(test(profile, view, expect: "{ rule: vip, key: u1, at: 1s }")) == [])
  }

  @Test func mistakesAreToldWithTheirPlaces() async throws {
    let tests = """
      zone: Mars/Olympus
      tests:
        - name: one
          events: [{ at: soon, event: view }, { user: u1, evnt: view }, { clock: 5m, user: u1 }]
          expect: [{ rule: lft, at: 1m }, { rule: left, key: [u1] }, { rule: left, key: { user: u1, itm: x } }, { wen: 5 }]
        - events: []
      """
    let diagnostics = try #require(throws: Diagnostics.self) { try wrong(tests) }
    let told = diagnostics.description.split(separator: "\n").map { $0.drop { $0 != ":" } }
    for (place, what) in [
      (":2:7:", "unknown time zone"), (":5:20:", "write 0s, 5m"), (":5:41:", "has no 'event'"),
      (":5:80:", "has no key 'user'"), (":6:22:", "did you mean 'left'?"), (":6:56:", "key: [user, item]"),
      (":6:95:", "did you mean 'item'?"), (":6:107:", "has no 'rule'"), (":7:5:", "a test has no 'name'"),
    ] {
      #expect(told.contains { $0.hasPrefix(place) && $0.contains(what) }, "\(place) \(what):\n\(diagnostics)")
    }
  }

  private func wrong(_ tests: String) throws {
    let folder = try TemporaryFolder(["rules.yaml": Self.rules, "a.yaml": "rules: [rules.yaml]\n" + tests])
    defer { withExtendedLifetime(folder) {} }
    var warnings = Diagnostics()
    _ = try RuleTestFile(path: folder.path("a.yaml"), warnings: &warnings)
  }

  private static let examples = Repository.root.appending(path: "examples/rules")

  @Test(arguments: [
    "asking-around", "cart-left", "gone-quiet", "hesitating-buyer", "mass-sending", "price-cut", "search-in-vain",
    "second-purchase",
  ])
  func examplesDoWhatTheySay(name: String) throws {
    var warnings = Diagnostics()
    let path = Self.examples.appending(path: "tests/\(name).yaml").path
    for outcome in try RuleTestFile(path: path, warnings: &warnings).run() {
      #expect(outcome.passed, "\(name), \(outcome.name): \(outcome.differences)")
    }
    #expect(warnings.all.isEmpty, "\(warnings)")
  }

  /// The page shows rules and tests as they are.
  @Test func thePageShowsTheExamples() throws {
    let page = try String(
      contentsOf: Self.examples.appending(path: "../../docs/rules-tutorial.md"), encoding: .utf8)
    // After the fence stands which file a block is from, for the check of the documents.
    var blocks = page.components(separatedBy: "```yaml").dropFirst().compactMap { block in
      block.components(separatedBy: "```").first.map { $0.components(separatedBy: "\n").dropFirst() }?
        .joined(separator: "\n")
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: Self.examples.path + "/tests") {
      let rule = try String(contentsOf: Self.examples.appending(path: name), encoding: .utf8)
      let tests = try String(contentsOf: Self.examples.appending(path: "tests/\(name)"), encoding: .utf8)
      #expect(blocks.contains(rule), "\(name)")
      let before = blocks.count
      blocks.removeAll { block in
        block == rule || block.components(separatedBy: "\n\n").allSatisfy { tests.contains($0) }
      }
      #expect(blocks.count == before - 2, "\(name): a rule and its tests")
    }
    #expect(blocks.isEmpty, "\(blocks)")
  }

  @Test func everyExampleIsTested() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.examples.path).filter { $0.hasSuffix(".yaml") }
    #expect(files.count == 8)
    let tests = try FileManager.default.contentsOfDirectory(atPath: Self.examples.path + "/tests")
    #expect(tests.sorted() == files.sorted())
  }
}
