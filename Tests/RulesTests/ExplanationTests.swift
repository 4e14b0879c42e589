import AttuneModel
import Testing

@testable import Rules

@Suite struct ExplanationTests {
  private func words(_ text: String) -> String { ruleSet(text).rules.flatMap(\.words).joined(separator: " ") }
  private func faults(_ text: String) -> [String] {
    ruleSet(text).rules.flatMap(\.impossibilities).map(\.message)
  }

  @Test func aRuleInWords() {
    let text = """
      {rule: hesitating-buyer, key: [user, item], within: 2h, emit: {item: v.item, spent: sum(v.price)}, pattern: [
        {on: view, as: v, where: "price >= 50 and (city in ['a', 'b'] or not exists(city))", times: 3},
        {not: buy, for: 30m}]}
      """
    #expect(
      words(text) == """
        For each user and item, it looks for 3 'view' events (v) where price is at least 50 and (city is one of 'a', \
        'b' or city is missing), and then no 'buy' for 30 minutes. All of these come within 2 hours of the first. It \
        matches when that time is over. Whoever completes it once more while it waits starts the wait anew. A \
        match tells item (v's item), spent (the sum of v's price).
        """)
  }

  @Test func everyStepInWords() {
    let text = """
      {rule: r, mode: shadow, within: 1d, skip: toLast(b), without: [x, y], having: distinct(b.item) > 1, to: seller,
       pattern: [{on: [a, b], as: a, optional: true}, {notNext: c}, {not: d},
        {then: b, as: b, times: 2..4, distinct: seller, gap: 5m, greedy: true, until: type == 'z'},
        {next: any, as: n, where: day(ts) > day(b.ts)}, {thenAny: c, times: 2+, same: item, consecutive: true}]}
      """
    #expect(
      words(text) == """
        For each user, it looks for perhaps one 'a' or 'b' (a), whose very next event is no 'c', then (with no 'd' \
        before) 2 to 4 'b' events, each with another seller, as many as come, each less than 5 minutes after the event \
        before, until an event where the type is 'z', directly followed by an event of any type (n) where the day is \
        above the day of b, then at any later time 2 or more 'c' events, all with the same item, with no other event \
        between them. All of these come within 1 day of the first. No 'x' or 'y' may come from the first event until \
        the match is complete. It counts only if the number of different values of b's item is above 1. It matches \
        with the last of these events. After a match, the next begins no earlier than its last b. A match waits until \
        nothing that began before it can match any more. Its matches are for the seller. It is in shadow mode: matches are recorded, and nothing is sent.
        """)
  }

  @Test func statesAreDrawn() {
    let rule = ruleSet(
      "{rule: r, within: 1h, pattern: [{on: a, times: 2}, {not: x}, {then: b, optional: true}, {then: c}, {not: d}]}"
    ).rules[0]
    #expect(
      StateDiagram(rule).text == """
        ○ start
        │  a
        ▼
        ● a
        ├─ again: 2 in all  stays
        ├─ c  → c
        ├─ x  ✗ over
        │  b
        ▼
        ● b
        │  c
        ▼
        ● c
        ├─ d  ✗ over
        │  1h after the first
        ▼
        ◎ match
        """)
    #expect(
      StateDiagram(ruleSet("{rule: r, pattern: [{on: a, where: \"x < 5 and y == 'p;q'\"}]}").rules[0]).mermaid == """
        stateDiagram-v2
          state "start" as s0
          state "a" as s1
          state "match" as s2
          [*] --> s0
          s0 --> s1: a [x #lt; 5 and y == 'p#59;q']
          s1 --> s2
          s2 --> [*]
        """)
  }

  @Test(arguments: [
    "price > 5 and price < 3", "price > 5 and price <= 5", "price == 5 and price != 5", "5 < price and 3 > price",
    "price > 5 and price == 'x'", "exists(a) and not exists(a)", "price > 3 and not exists(price)",
    "(price > 5 or price == 4) and price < 4", "city in ['a', 'b'] and city == 'c'", "type == 'buy'",
    "city in ['a', 'b'] and not city in ['b', 'a', 'c']", "name startsWith 'x' and name in ['y', 'z']",
    "a < b and b < a", "a == b and b != a", "not (price > 5) and price > 6", "false", "a > 1 and not (a > 1)",
    "not (a > 1 or b > 1) and (a > 2 or b > 3)", "profile.age > 10 and profile.age < 10",
    "price >= 5 and not price != 4",
  ]) func contradictionsAreFound(_ condition: String) {
    #expect(faults("{rule: r, pattern: [{on: view, where: \"\(condition)\"}]}").count == 1)
  }

  @Test(arguments: [
    "price > 3 and price < 5", "price >= 5 and price <= 5", "not (price > 5) and not (price < 6)", "a < b and b < c",
    "type in ['view', 'buy']", "a != b and a != 5", "not (price == 5) or price == 5", "a <= b and b <= a",
    "price > 5 or price < 3", "not exists(a) and not (a > 1)", "name startsWith 'x' and name contains 'y'",
    "a + b > 5 and a < 2 and b < 2",
  ]) func whatCanBeIsNotAccused(_ condition: String) {
    #expect(faults("{rule: r, pattern: [{on: view, where: \"\(condition)\"}]}").isEmpty)
  }

  @Test(arguments: [
    "{rule: r, within: 1h, pattern: [{on: a}, {not: [b, c]}, {then: b}]}",
    "{rule: r, within: 1h, pattern: [{on: a}, {not: b, where: p > 5}, {then: b, where: q > 1 and p > 5}]}",
    "{rule: r, within: 1h, pattern: [{on: a}, {notNext: b}, {next: b}]}",
    "{rule: r, within: 1h, pattern: [{on: a, as: a}, {then: b, where: ts - a.ts > 3600000}]}",
    "{rule: r, within: 1h, key: [user, item], pattern: [{on: a, times: 2, distinct: item}]}",
    "{rule: r, within: 3d, pattern: [{on: a, times: 5, distinct: day(ts)}]}",
    "{rule: r, within: 3d, pattern: [{on: a, as: a, times: 5}], having: count(a) > 5}",
    "{rule: r, within: 3d, pattern: [{on: a, as: a, times: 2}], having: distinct(a.item) >= 3}",
  ]) func rulesThatNeverMatch(_ text: String) {
    let told = faults(text)
    #expect(told.count == 1 && told[0].hasPrefix("this rule can never match"), "\(told)")
  }

  @Test(arguments: [
    "{rule: r, within: 1h, pattern: [{on: a}, {not: b, where: p > 5}, {then: b}]}",
    "{rule: r, within: 1h, pattern: [{on: a}, {notNext: b}, {then: b}]}",
    "{rule: r, within: 73h, pattern: [{on: a, times: 5, distinct: day(ts)}]}",
    "{rule: r, within: 1h, pattern: [{on: a, as: a}, {then: b, where: ts - a.ts > 3599999}]}",
    "{rule: r, within: 1h, pattern: [{on: a, as: a}, {not: a}]}",
  ]) func rulesThatMay(_ text: String) { #expect(faults(text).isEmpty) }

  /// No rule of which something is certain ever matches.
  @Test func whatNeverMatchesMatchesNothing() {
    var accused = 0
    for seed in 0..<800 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let sketch = Sketch.random(&generator)
      guard let rules = RuleSet.reading(sketch.text),
        rules.rules[0].impossibilities.contains(where: { $0.message.hasPrefix("this rule") })
      else { continue }
      accused += 1
      for _ in 0..<3 {
        let story = Story.random(inOrder: true, &generator)
        var world = World(sketch, floors: Story.floors)
        for action in story.actions { world.perform(action) }
        world.advance(to: .max)
        #expect(!world.told.contains { $0.kind == .match }, "seed \(seed): \(sketch.text)")
      }
    }
    #expect(accused > 4, "\(accused)")
  }

  @Test func overlapsAreTold() {
    let rules = ruleSet(
      "{rule: a, within: 2h, pattern: [{on: view}, {then: buy}]}",
      "{rule: b, within: 2h, pattern: [{on: view}, {then: buy, as: b}], emit: {n: count(b)}}",
      "{rule: c, within: 1h, pattern: [{on: view, where: price > 5}, {then: buy}]}",
      "{rule: d, within: 1h, pattern: [{on: cart}, {then: [buy, pay], where: price < 3}]}",
      "{rule: e, within: 1h, pattern: [{on: cart}, {then: buy, where: price > 3}]}",
      "{rule: f, pattern: [{on: cart}, {not: buy, for: 1h}]}")
    let told = rules.overlaps.map(\.message)
    #expect(told.contains("'b' and 'a' (rule.yaml:1:1) match the same events"), "\(told)")
    #expect(told.contains { $0.hasPrefix("'c' asks for all that 'a' (rule.yaml:1:1) asks for") }, "\(told)")
    #expect(told.contains("one event (buy) may complete both 'd' and 'a' (rule.yaml:1:1)"))
    #expect(!told.contains { $0.contains("'e' and 'd'") }, "their prices have nothing in common")
    #expect(!told.contains { $0.contains("'f'") }, "an absence is completed by no event")
  }
}
