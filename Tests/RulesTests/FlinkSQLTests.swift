import AttuneModel
import Foundation
import Testing

@testable import Rules

/// Queries against the stated semantics: what each finds, row by row, is what the rule finds.
@Suite struct FlinkSQLTests {
  /// `key at events emitted`, sorted.
  private func found(_ rule: Rule, _ query: MatchRecognize, _ events: [Event]) -> [String] {
    let rows = events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    func key(_ event: Event) -> [Value]? {
      let values = rule.pattern.key.compactMap { $0.value(in: event) }
      return values.count == rule.pattern.key.count ? values : nil
    }
    return Dictionary(grouping: rows, by: key).flatMap { key, rows -> [String] in
      guard let key else { return [] }
      let partition = RowPattern(query: query, rows: rows)
      return partition.matches().map { mapping in
        let matched = mapping.filter { !$0.variable.hasPrefix("between") }.map { rows[$0.row] }
        let emitted = zip(rule.emitted, partition.measures(of: mapping)).compactMap { name, value in
          value.map { "\(name)=\($0)" }
        }
        return show(key, matched.last?.at, matched.compactMap(\.id), emitted)
      }
    }.sorted()
  }

  private func show(_ key: [Value], _ at: Instant?, _ ids: [String], _ emitted: [String]) -> String {
    "\(key) \(at?.milliseconds ?? 0) \(ids.joined(separator: " ")) \(emitted.joined(separator: " "))"
  }

  private func shown(_ told: [Told]) -> [String] {
    told.filter { $0.kind == .match }.map { told in
      // Each step's alias stands before its events.
      let ids = told.events.flatMap { $0.split(separator: " ").dropFirst().map(String.init) }
      return show(told.key.map(Value.string), Instant(milliseconds: told.at), ids, told.emit)
    }.sorted()
  }

  /// What the reference finds.
  private func expected(_ sketch: Sketch, _ story: Story) -> [String] {
    var world = World(sketch)
    for action in story.actions { world.perform(action) }
    world.advance(to: .max)
    return shown(world.told)
  }

  /// What the matcher finds.
  private func matched(_ rule: Rule, _ story: Story) -> [String] {
    shown(Replay.told(RuleSet(rules: [rule], retired: [], nextSerial: 1), story))
  }

  @Test func findsWhatTheRuleFinds() throws {
    var (translated, untils, found) = (0, 0, 0)
    for seed in 0..<1600 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      var sketch = Sketch.random(&generator)
      if seed % 4 > 0 { sketch.simplify() }
      guard let rule = RuleSet.reading(sketch.text)?.rules[0] else { continue }
      guard let query = try? MatchRecognize(rule, columns: SQLColumns(usedBy: [rule])) else { continue }
      translated += 1
      if sketch.steps.contains(where: { !$0.until.isEmpty }) { untils += 1 }
      for _ in 0..<3 {
        var story = Story.random(inOrder: true, &generator)
        // A partition of rows without a part of the key is not what rules mean by such events.
        story.actions.removeAll {
          if case .send(let event) = $0 { event.user.isEmpty || event.properties["item"] == nil } else { false }
        }
        story.name()
        let expected = expected(sketch, story)
        let told = self.found(rule, query, story.events)
        #expect(matched(rule, story) == expected, "seed \(seed): \(sketch.text)")
        #expect(told == expected, "seed \(seed): \(sketch.text)\n\(query.query(table: "t"))\n\(story.text)")
        if told != expected { return }
        found += told.count
      }
    }
    #expect(translated > 300 && untils > 10 && found > 200, "\(translated) \(untils) \(found)")
  }

  /// Which of Flink's cases have a query, and that it gives Flink's answers.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: FlinkCase.folder.path), "the folder of cases is not here"))
  func theCasesThatHaveAQuery() throws {
    var translated: [Int] = []
    for number in stride(from: 1, through: 53, by: 2) {
      let found = try #require(try FlinkCase.numbered(number))
      let rule = try #require(RuleSet.reading(found.rule)?.rules.first, "\(found.name)")
      guard let query = try? MatchRecognize(rule, columns: SQLColumns(usedBy: [rule])) else { continue }
      translated.append(number)
      let events = found.input.compactMap(\.event).filter { !found.expected.late.contains($0.id ?? "") }
      let expected = found.flinksAnswers.map { answer in
        let parts = answer.split(separator: " ", maxSplits: 2)
        return show([.string(String(parts[0]))], Int64(parts[1]).map(Instant.init), [String(parts[2])], [])
      }
      #expect(self.found(rule, query, events) == expected.sorted(), "\(found.name)")
    }
    #expect(translated == [1, 5, 7, 9, 23, 35, 37, 39])
  }

  @Test func aQueryAsFlinkReadsIt() throws {
    let rules = ruleSet(
      """
      {rule: two-views, key: [user, item], within: 2h, without: buy, having: sum(v.price) > 10,
        emit: {views: count(v), item: v.item},
        pattern: [{on: view, as: v, where: price >= 50 and not city == 'b', times: 2},
          {not: chat}, {then: [cart, save], as: c, where: title startsWith 'its', gap: 90s}]}
      """)
    var warnings = Diagnostics()
    let told = try rules.flinkSQL(table: "db.events", warnings: &warnings)
    #expect(warnings.description.contains("'two-views' takes events here that carry only part of its key (user, item)"))
    #expect(
      told == """
        -- columns: `city` STRING, `event` STRING, `item` of any type, `price` DOUBLE, `title` STRING, `ts` BIGINT, `user` STRING

        -- two-views (rule.yaml:1:1)
        SELECT `key_1` AS `user`, `key_2` AS `item`, `emit_1` AS `views`, `emit_2` AS `item_emitted`, `matched_at`
        FROM `db`.`events`
        MATCH_RECOGNIZE (
          PARTITION BY `user`, `item`
          ORDER BY `rowtime`
          MEASURES
            v_1.`user` AS `key_1`,
            v_1.`item` AS `key_2`,
            2E0 AS `emit_1`,
            v_2.`item` AS `emit_2`,
            c_1.`ts` AS `matched_at`
          ONE ROW PER MATCH
          AFTER MATCH SKIP PAST LAST ROW
          PATTERN (v_1 between1*? v_2 between3*? c_1) WITHIN INTERVAL '2' HOUR
          DEFINE
            v_1 AS (v_1.`event` = 'view') AND (CAST(v_1.`price` AS DOUBLE) >= 50E0) AND ((v_1.`city` = 'b') IS NOT TRUE) \
        AND (v_1.`user` IS NOT NULL) AND (v_1.`item` IS NOT NULL),
            between1 AS (((between1.`event` = 'view') AND (CAST(between1.`price` AS DOUBLE) >= 50E0) \
        AND ((between1.`city` = 'b') IS NOT TRUE)) IS NOT TRUE) AND ((between1.`event` = 'buy') IS NOT TRUE),
            v_2 AS (v_2.`event` = 'view') AND (CAST(v_2.`price` AS DOUBLE) >= 50E0) AND ((v_2.`city` = 'b') IS NOT TRUE),
            between3 AS ((((between3.`event` = 'cart') OR (between3.`event` = 'save')) \
        AND (CAST(POSITION('its' IN between3.`title`) AS DOUBLE) = 1E0)) IS NOT TRUE) \
        AND ((between3.`event` = 'chat') IS NOT TRUE) AND ((between3.`event` = 'buy') IS NOT TRUE),
            c_1 AS ((c_1.`event` = 'cart') OR (c_1.`event` = 'save')) \
        AND (CAST(POSITION('its' IN c_1.`title`) AS DOUBLE) = 1E0) \
        AND ((CAST(c_1.`ts` AS DOUBLE) - CAST(v_2.`ts` AS DOUBLE)) < 90000E0) \
        AND ((COALESCE(CAST(v_1.`price` AS DOUBLE), 0E0) + COALESCE(CAST(v_2.`price` AS DOUBLE), 0E0)) > 10E0)
        );
        """, "\(told)")
    #expect(SQLExpression.literal(.string("it's")).description == "'it''s'")
    #expect(SQLExpression.column(variable: "v_1", name: "a`b").description == "v_1.`a``b`")
  }

  private func query(_ text: String, columns: String? = nil) throws -> String {
    var warnings = Diagnostics()
    return try ruleSet(text).flinkSQL(table: "t", columns: columns, warnings: &warnings)
  }

  @Test func constantsAndColumnsAreDoubles() throws {
    let told = try query("{rule: r, pattern: [{on: a, where: \"x > 25 * 24 * 60 * 60 * 1000 and y == 0.1 + -2\"}]}")
    #expect(told.contains("CAST(a_1.`x` AS DOUBLE) > ((((25E0 * 24E0) * 60E0) * 60E0) * 1000E0)"), "\(told)")
    #expect(told.contains("CAST(a_1.`y` AS DOUBLE) = (0.1E0 + (-2E0))"), "\(told)")
    #expect(told.contains("-- columns: `event` STRING, `ts` BIGINT, `user` STRING, `x` DOUBLE, `y` DOUBLE"), "\(told)")
    #expect(SQLExpression.literal(.number(1e300)).description == "1E300")
    #expect(SQLExpression.literal(.number(1.5e-9)).description == "1.5E-09")
    #expect(SQLExpression.literal(.number(9_007_199_254_740_991)).description == "9007199254740991E0")
  }

  @Test func whatDiffersInKindIsAsInRules() throws {
    func told(_ condition: String) throws -> String {
      try query(
        "{rule: r, pattern: [{on: a, where: \"\(condition)\"}]}",
        columns: "item VARCHAR(20), n DECIMAL(10, 2), on BOOLEAN")
    }
    #expect(try told("item == 5").contains("a_1 AS (a_1.`event` = 'a') AND FALSE AND"))
    #expect(try told("item != 5").contains("AND (a_1.`item` IS NOT NULL) AND (5E0 IS NOT NULL) AND"))
    #expect(try told("item in ['a', 3]").contains("AND ((a_1.`item` = 'a') OR FALSE) AND"))
    #expect(try told("item * 2 > n").contains("AND ((CAST(NULL AS DOUBLE) * 2E0) > CAST(a_1.`n` AS DOUBLE)) AND"))
    #expect(try told("item").contains("AND FALSE AND") && told("on").contains("AND a_1.`on` AND"))
    #expect(throws: Diagnostics.self) { try told("other == 5") }
    let torn = #expect(throws: Diagnostics.self) {
      try query("{rule: r, pattern: [{on: a, where: \"item == 5 or item == 'x'\"}]}")
    }
    #expect(torn?.description.contains("'item' is used as a number and as something else") == true)
    let object = #expect(throws: Diagnostics.self) {
      try query("{rule: r, pattern: [{on: a, as: v, where: item.price > 5}], emit: {item: v.item}}")
    }
    #expect(object?.description.contains("it emits 'item', an object") == true)
    #expect(throws: Diagnostics.self) {
      try query("{rule: r, pattern: [{on: a}]}", columns: "item MAP<STRING, STRING>")
    }
  }

  @Test func theKeyAndTheInstantAreMeasures() throws {
    let told = try query("{rule: r, key: [item, user], within: 1h, pattern: [{on: a}, {then: b}]}")
    #expect(told.contains("SELECT `key_1` AS `item`, `key_2` AS `user`, `matched_at`"), "\(told)")
    #expect(told.contains("a_1.`item` AS `key_1`") && told.contains("b_1.`ts` AS `matched_at`"), "\(told)")
    #expect(told.contains("(a_1.`item` IS NOT NULL) AND (a_1.`user` IS NOT NULL)"), "\(told)")
    let gaps = try query("{rule: r, pattern: [{on: a}, {then: b, times: 2, gap: 10m}]}")
    #expect(gaps.contains("WITHIN INTERVAL '20' MINUTE"), "\(gaps)")
  }

  @Test func calendarsAreArithmetic() throws {
    let east = Zone(name: "East", initialOffset: 3600)
    var warnings = Diagnostics()
    let told = try ruleSet("{rule: r, pattern: [{on: a, where: hour(ts) > 5}]}", zone: east).flinkSQL(
      table: "t", warnings: &warnings)
    #expect(told.contains("(FLOOR(CAST(a_1.`ts` AS DOUBLE)) + 3600000E0)"), "\(told)")
    let rule = try #require(
      RuleSet.reading("{rule: r, pattern: [{on: a, as: v}], emit: {d: day(v.ts), h: hour(v.ts), w: weekday(v.ts)}}")?
        .rules[0])
    let query = try MatchRecognize(rule, columns: SQLColumns(usedBy: [rule]))
    for at in [-1, 0, 86_399_999, 86_400_000, 1_796_115_600_000, -86_400_000 * 9 - 5] as [Int64] {
      let row = event("a", at)
      let pattern = RowPattern(query: query, rows: [row])
      let expected = rule.pattern.emit.map {
        $0.value.term.value(
          in: EvaluationContext(
            event: nil, taken: [TakenEvent(step: 0, sequence: 0, at: row.at)], profile: []))
      }
      #expect(pattern.matches().map(pattern.measures) == [expected], "\(at)")
    }
  }

  @Test func refusalsSayWhy() {
    let refused: [(String, String)] = [
      ("pattern: [{on: a}, {not: b, for: 1h}]", "it ends in an absence"),
      ("within: 1h, pattern: [{on: a}, {thenAny: b}]", "'thenAny' finds several matches"),
      ("within: 1h, pattern: [{on: a, times: 2+}, {then: b}]", "the number of 'a' is not fixed"),
      ("within: 1h, pattern: [{on: a, optional: true}, {then: b}]", "'a' is optional"),
      ("within: 1h, pattern: [{on: a, times: 2, combinations: true}]", "'combinations' finds several"),
      ("within: 1h, pattern: [{on: a}, {notNext: c}, {then: b}]", "'notNext' is not built"),
      ("within: 1h, skip: toFirst(a), pattern: [{on: a}, {then: b}]", "'skip' names the first event"),
      ("pattern: [{on: a, where: profile.age > 5}]", "'profile.age' is no column"),
      ("pattern: [{on: a, where: \"x in ['a', 3]\"}]", "'in' lists texts, numbers or truth values side by side"),
      ("within: none, pattern: [{on: a}, {then: b, gap: 5m}, {next: c}]", "after a 'gap' in 'b' that was too long"),
      ("within: 1h, pattern: [{on: a, times: 2, greedy: true}, {then: b}]", "'greedy' is not built"),
      ("within: 1h, pattern: [{on: a, times: 40}]", "'a' takes 40 events"),
    ]
    for (text, reason) in refused {
      let error = #expect(throws: Diagnostics.self) { try query("{rule: r, \(text)}") }
      let told = error?.all.map(\.description).joined() ?? ""
      #expect(told.hasPrefix("rule.yaml:1:") && told.contains("'r' has no form in Flink SQL: \(reason)"), "\(told)")
    }
  }
}

extension Sketch {
  /// As near as it gets to what has a query.
  fileprivate mutating func simplify() {
    end = .event
    restart = false
    for index in steps.indices {
      let low = steps[index].times.lowerBound
      steps[index].times = low...low
      steps[index].isOptional = false
      if steps[index].follows == .any { steps[index].follows = .relaxed }
      if steps[index].repeats == .any || low == 1 { steps[index].repeats = .relaxed }
      if low == 1 { (steps[index].same, steps[index].distinct) = (nil, nil) }
      if low == 1, index == 0 { steps[index].gap = nil }
      steps[index].isGreedy = false
      if low == 1 { steps[index].until = [] }
      steps[index].nextNots = []
    }
    steps[lastStep].nots = []
  }
}
