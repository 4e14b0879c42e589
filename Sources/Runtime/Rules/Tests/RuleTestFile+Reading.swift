public import AttuneModel
import Rules

extension RuleTestFile {
  /// Reads `rules`, `zone`, `lateness` and `tests` of a file, and the rules it names, relative to itself.
  ///
  /// Whatever is wrong is thrown, all of it at once.
  public init(path: String, warnings: inout Diagnostics) throws(Diagnostics) {
    var diagnostics = Diagnostics()
    let documents = RuleFiles.documents(path, &diagnostics)
    let document = YAMLReader.only(
      documents, of: path, "a file of tests is one document", hint: "it holds rules and tests", &diagnostics)
    guard let document, var fields = Fields(document, "a file of tests", &diagnostics)
    else { throw diagnostics }
    let ruleNodes = fields.require("rules", &diagnostics, hint: "rules: [a-rule.yaml]")?.items ?? []
    let zoneNode = fields.take("zone")
    let lateness = fields.take("lateness")?.span("'lateness'", &diagnostics) ?? .seconds(1)
    let testNodes = fields.require("tests", &diagnostics, hint: "tests: [{ name: ..., events: [...], expect: [...] }]")
    fields.finish(&diagnostics)
    let zone = zoneNode.flatMap { Self.zone($0, &diagnostics) } ?? .utc
    let paths = ruleNodes.compactMap { $0.text("the path of a file of rules", &diagnostics) }
    var rules = RuleSet()
    do throws(Diagnostics) {
      rules = try RuleFiles.read(paths.map { Self.path($0, beside: path) }, zone: zone, warnings: &diagnostics)
    } catch { diagnostics.append(error) }
    let reader = RuleTestReader(rules: rules.rules)
    let tests = testNodes?.items.compactMap { reader.test($0, &diagnostics) } ?? []
    if !diagnostics.errors.isEmpty { throw diagnostics }
    warnings.append(diagnostics)
    self.init(path: path, tests: tests, rules: rules, lateness: lateness)
  }

  private static func zone(_ node: Node, _ diagnostics: inout Diagnostics) -> Zone? {
    guard let name = node.text("the name of a time zone", &diagnostics) else { return nil }
    let zone = ZoneTables.zone(named: name)
    if zone == nil { diagnostics.error(node.mark, "unknown time zone '\(name)'", hint: ZoneTables.hint(for: name)) }
    return zone
  }

  /// `../a.yaml` beside `rules/tests/b.yaml` is `rules/a.yaml`.
  static func path(_ relative: String, beside file: String) -> String {
    if relative.hasPrefix("/") { return relative }
    var parts = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    for part in relative.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, !["", ".", ".."].contains(last) {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }
}

/// Reads the tests of a file about some rules.
struct RuleTestReader {
  let rules: [Rule]

  func test(_ node: Node, _ diagnostics: inout Diagnostics) -> RuleTest? {
    guard var fields = Fields(node, "a test", &diagnostics) else { return nil }
    let name = fields.require("name", &diagnostics, hint: "name: buys after all")?.text("a test's name", &diagnostics)
    let events = fields.require("events", &diagnostics, hint: "events: [{ at: 0s, user: u1, event: view }]")
    let expect = fields.require("expect", &diagnostics, hint: "expect: [] for no match")
    fields.finish(&diagnostics)
    let steps = events?.items.flatMap { self.steps($0, &diagnostics) } ?? []
    let expected = expect?.items.compactMap { expectation($0, &diagnostics) } ?? []
    return name.map { RuleTest(name: $0, mark: node.mark, steps: steps, expected: expected) }
  }

  private func expectation(_ node: Node, _ diagnostics: inout Diagnostics) -> RuleTest.Expectation? {
    guard var fields = Fields(node, "an expected match", &diagnostics) else { return nil }
    let ruleNode = rules.count == 1 ? fields.take("rule") : fields.require("rule", &diagnostics)
    let keyNode = fields.take("key")
    let at = fields.take("at")?.testInstant(&diagnostics)
    let emit = fields.take("emit").map { $0.flatProperties("emit", &diagnostics) }
    let events = fields.take("events").map { matchedNames($0, &diagnostics) }
    let isRetracted = fields.take("retracted")?.bool("'retracted'", &diagnostics) ?? false
    fields.finish(&diagnostics)
    guard let rule = rule(ruleNode, &diagnostics) else { return nil }
    return RuleTest.Expectation(
      mark: node.mark, rule: rule.name, key: keyNode.map { key($0, of: rule, &diagnostics) }, at: at, emit: emit,
      events: events, isRetracted: isRetracted)
  }

  /// The one that is named; a file with one rule need not.
  private func rule(_ node: Node?, _ diagnostics: inout Diagnostics) -> Rule? {
    guard let node else { return rules.first }
    guard let name = node.text("a rule's name", &diagnostics) else { return nil }
    if let rule = rules.first(where: { $0.name == name }) { return rule }
    let near = nearest(to: name, among: rules.map(\.name)).map { "did you mean '\($0)'?" }
    diagnostics.error(node.mark, "there is no rule '\(name)' in the files under 'rules'", hint: near)
    return nil
  }

  /// The values in the rule's order, also where they are given by name.
  private func key(_ node: Node, of rule: Rule, _ diagnostics: inout Diagnostics) -> [Value] {
    let names = rule.key.joined(separator: ", ")
    guard case .mapping = node.content, var fields = Fields(node, "the key", &diagnostics) else {
      let values = node.items.compactMap(\.value)
      if values.count != rule.key.count || node.items.count != values.count {
        diagnostics.error(node.mark, "the key of '\(rule.name)' is \(names)", hint: "key: [\(names)]")
      }
      return values
    }
    let values = rule.key.compactMap { fields.require($0, &diagnostics)?.value }
    fields.finish(&diagnostics)
    return values
  }

  private func matchedNames(_ node: Node, _ diagnostics: inout Diagnostics) -> RuleTest.MatchedNames {
    guard case .mapping(let entries) = node.content else { return .inOrder(node.items.compactMap(\.value)) }
    return .byAlias(entries.map { Property($0.key, .list($0.value.items.compactMap(\.value))) })
  }
}
