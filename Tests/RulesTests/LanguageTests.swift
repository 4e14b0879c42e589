import Model
import Testing

@testable import Rules

@Suite struct LanguageTests {
  private func read(_ text: String) -> (rule: Rule?, told: String) {
    var diagnostics = Diagnostics()
    let rules = RuleSet(
      reading: [Flow.node(text)], zone: .utc, replacing: RuleSet(), at: .distantPast, &diagnostics)
    return (rules.rules.first, diagnostics.description)
  }

  @Test func readsEverythingThisVersionKnows() throws {
    let (rule, told) = read(
      """
      {rule: hesitating-buyer, key: [user, item], mode: shadow, pattern: [
      {on: view, as: v, where: "price >= 50 and profile.city == 'x'", times: 2..5},
      {not: cart, where: "item == v.item"},
      {then: [chat, call], as: c, times: 3+},
      {not: buy, for: 30m}],
      within: 2h, repeat: each, skip: toLast(c), without: refund, having: distinct(v.seller) >= 2,
      emit: {item: v.item, views: count(v), spent: sum(v.price), city: profile.town}}
      """)
    #expect(told.isEmpty, "\(told)")
    let found = try #require(rule)
    #expect(found.name == "hesitating-buyer" && found.version == 1 && found.mode == .shadow)
    #expect(found.key == ["user", "item"] && found.emitted == ["item", "views", "spent", "city"])
    #expect(found.eventTypes == ["buy", "call", "cart", "chat", "refund", "view"])
    #expect(found.profileProperties == ["city", "town"])
    let pattern = found.pattern
    #expect(pattern.steps.map(\.label) == ["v", "c"] && pattern.steps.map(\.times) == [2...5, 3...Int.max])
    #expect(pattern.steps[0].kept == [.property("item"), .property("seller"), .property("price")])
    #expect(pattern.absence == .after(.minutes(30)) && pattern.within == .hours(2))
    #expect(pattern.repetition == .each && pattern.skip == .toLast(step: 1))
  }

  @Test func defaultsFollowTheEnd() {
    let ends = [
      ("{rule: r, pattern: [{on: a}, {not: b, for: 1m}]}", Pattern.Repetition.restart),
      ("{rule: r, pattern: [{on: a}, {not: b, for: 1m}], skip: none}", .each),
      ("{rule: r, pattern: [{on: a}, {not: b, for: 1m}], repeat: each}", .each),
      ("{rule: r, pattern: [{on: a}, {then: b}], within: 1m}", .each),
      ("{rule: r, pattern: {on: a}, within: none}", .each),
      ("{rule: r, pattern: [{on: a}, {not: b}], within: 1m}", .restart),
    ]
    for (text, repetition) in ends {
      let (rule, told) = read(text)
      #expect(rule?.pattern.repetition == repetition, "\(text) \(told)")
    }
    #expect(read(ends[0].0).rule?.key == ["user"])
    #expect(read(ends[0].0).rule?.mode == .live)
    #expect(read(ends[3].0).rule?.pattern.skip == .pastLast)
    #expect(
      read("{rule: r, pattern: [{on: a}, {then: a}, {then: [a, b]}], within: 1m}").rule?.pattern.steps.map(\.label)
        == ["a", "a2", "any"])
  }

  static let faults: [(text: String, place: String, words: [String])] = [
    ("{pattern: [{on: a}]}", "1:1", ["a rule has no 'rule'"]),
    ("{rule: r}", "1:1", ["a rule has no 'pattern'"]),
    ("{rule: r, pattern: []}", "1:20", ["at least one step"]),
    ("{rule: r, pattern: [{on: a}], withn: 1h}", "1:31", ["no key 'withn'", "did you mean 'within'?"]),
    ("{rule: r, pattern: [{on: a, tims: 3}], within: 1h}", "1:29", ["no key 'tims'", "did you mean 'times'?"]),
    ("{rule: r, pattern: [{then: a}]}", "1:21", ["the first step is an 'on'"]),
    ("{rule: r, pattern: [{not: a, for: 1m}]}", "1:21", ["the first step is an 'on'"]),
    ("{rule: r, pattern: [{on: a}, {on: b}], within: 1h}", "1:30", ["only the first", "write 'then'"]),
    ("{rule: r, pattern: [{on: a, then: b}]}", "1:35", ["not both"]),
    ("{rule: r, pattern: [{where: x > 1}]}", "1:21", ["one of on, then, thenAny, next, not, notNext"]),
    ("{rule: r, pattern: [{on: a}, {then: b}]}", "1:20", ["no limit in time", "within: 2h"]),
    ("{rule: r, pattern: [{on: a, times: 2}, {not: b, for: 1m}]}", "1:20", ["no limit in time"]),
    ("{rule: r, pattern: [{on: a}, {not: b}]}", "1:20", ["absence has no end", "for: 30m"]),
    ("{rule: r, pattern: [{on: a}, {then: b}], within: none}", "1:50", ["for ever"]),
    ("{rule: r, pattern: [{on: a}, {then: b}], within: soon}", "1:50", ["a duration", "30s"]),
    ("{rule: r, pattern: [{on: a}, {then: b}], within: 0s}", "1:50", ["longer than nothing"]),
    ("{rule: r, pattern: [{on: a}, {not: b, for: 0s}]}", "1:44", ["longer than nothing"]),
    ("{rule: r, pattern: [{on: a, for: 3m}]}", "1:34", ["'for' belongs to a 'not' at the end"]),
    ("{rule: r, pattern: [{on: a}, {not: b, for: 3m}, {then: c}], within: 1h}", "1:44", ["'for' belongs to the last"]),
    ("{rule: r, pattern: [{on: a}, {not: b, as: x, for: 1m}]}", "1:43", ["'not' takes no 'as'"]),
    ("{rule: r, pattern: [{on: a}, {not: b, times: 2, for: 1m}]}", "1:46", ["'not' takes no 'times'"]),
    ("{rule: r, pattern: [{on: a, times: 0}], within: 1h}", "1:36", ["from 1 to 1000", "3+"]),
    ("{rule: r, pattern: [{on: a, times: 5..2}], within: 1h}", "1:36", ["2..5"]),
    ("{rule: r, pattern: [{on: a, times: many}], within: 1h}", "1:36", ["write 3, 2..5 or 3+"]),
    ("{rule: r, pattern: [{on: a, times: 99999999999999999999}], within: 1h}", "1:36", ["from 1 to 1000"]),
    ("{rule: r, pattern: [{on: a, as: v}, {then: b, as: v}], within: 1h}", "1:37", ["two steps are called 'v'"]),
    ("{rule: r, pattern: [{on: a, as: profile}]}", "1:33", ["cannot be an alias"]),
    ("{rule: r, pattern: [{on: a, as: 1v}]}", "1:33", ["cannot be an alias"]),
    ("{rule: r, key: item, pattern: [{on: a}]}", "1:16", ["without 'user'", "to: item"]),
    ("{rule: r, key: [user, user], pattern: [{on: a}]}", "1:23", ["twice"]),
    ("{rule: r, to: ts, pattern: [{on: a}]}", "1:15", ["'ts' names nobody"]),
    ("{rule: r, mode: shaddow, pattern: [{on: a}]}", "1:17", ["did you mean 'shadow'?"]),
    ("{rule: r, pattern: [{on: a}], repeat: once}", "1:39", ["restart, each"]),
    ("{rule: r, pattern: [{on: a}, {not: b, for: 1m}], repeat: restart, skip: none}", "1:73", ["one wait per key"]),
    ("{rule: r, pattern: [{on: a}], skip: pastlast}", "1:37", ["did you mean 'pastLast'?"]),
    ("{rule: r, pattern: [{on: a, as: vue}], skip: toLast(vu)}", "1:46", ["did you mean 'vue'?"]),
    ("{rule: r, pattern: [{on: a, as: v, where: v.x > 1}]}", "1:43", ["not matched yet"]),
    ("{rule: r, pattern: [{on: a}, {then: b, where: w.x > 1 and (}], within: 1h}", "1:60", ["found the end"]),
    ("{rule: r, pattern: [{on: a, as: view}], emit: {x: vew.item}}", "1:51", ["nothing is called", "'view'?"]),
    ("{rule: r, pattern: [{on: a}], emit: {x: item}}", "1:41", ["as: v"]),
    ("{rule: r, pattern: [{on: a}], emit: [x]}", "1:37", ["expected emit"]),
    ("{rule: r, pattern: [{on: a, as: v}], having: count(v)}", "1:46", ["expected a condition"]),
    ("{rule: r,\n pattern: [\n  {on: a b}]}", "3:8", ["cannot be an event type"]),
    ("just text", "1:1", ["expected a rule"]),
  ]

  @Test(arguments: faults.indices)
  func faultsAreToldWithTheirPlace(_ index: Int) {
    let fault = Self.faults[index]
    let (rule, told) = read(fault.text)
    #expect(rule == nil, "\(fault.text)")
    #expect(told.contains("rule.yaml:\(fault.place): error:"), "\(fault.text)\n\(told)")
    for words in fault.words { #expect(told.contains(words), "\(fault.text)\n\(told)") }
    #expect(told.split(separator: "\n").count == 1, "\(told)")
  }

  @Test func restartBeforeAnEventIsWarnedOf() {
    let (rule, told) = read("{rule: r, pattern: [{on: a}, {then: b}], within: 1m, repeat: restart}")
    #expect(rule?.pattern.repetition == .each)
    #expect(told.contains("rule.yaml:1:62: warning:"), "\(told)")
  }
}

@Suite struct RuleSetTests {
  private func publish(_ texts: [String], over previous: RuleSet, at: Int64 = 0, zone: Zone = .utc) -> RuleSet {
    var diagnostics = Diagnostics()
    return RuleSet(
      reading: texts.map(Flow.node), zone: zone, replacing: previous, at: Instant(milliseconds: at), &diagnostics)
  }

  private let a = "{rule: a, pattern: [{on: x}, {not: y, for: 1m}]}"
  private let b = "{rule: b, pattern: [{on: x, where: hour(ts) > 3}]}"

  @Test func versionsCountChanges() {
    let first = publish([a, b], over: RuleSet())
    #expect(first.rules.map(\.version) == [1, 1])
    let moved = publish(["\n\n" + b, a], over: first)
    #expect(moved.rules.map(\.name) == ["b", "a"] && moved.rules.map(\.version) == [1, 1])
    let changed = publish([a.replacing("1m", "2m"), b], over: moved)
    #expect(changed.rules.map(\.version) == [2, 1] && changed.retired.count == 1)
    let shifted = publish([a, b], over: first, zone: Zone(name: "Asia/Shanghai", initialOffset: 28800))
    #expect(shifted.rules.map(\.version) == [1, 2])
    #expect(publish([b], over: changed).retired.isEmpty)
    let later = publish([a.replacing("1m", "2m"), b], over: changed, at: 3 * 86_400_000)
    #expect(later.retired.isEmpty && later.rules.map(\.version) == [2, 1])
  }

  @Test func namesAreUnique() {
    var diagnostics = Diagnostics()
    let rules = RuleSet(
      reading: [Flow.node(a), Flow.node("\n" + a)], zone: .utc, replacing: RuleSet(), at: .distantPast, &diagnostics)
    #expect(rules.rules.count == 1)
    #expect(diagnostics.description.contains("rule.yaml:2:1: error: there is already a rule 'a', at rule.yaml:1:1"))
  }

  @Test func isStoredAndReadBack() throws {
    let zone = Zone(
      name: "X/Y", initialOffset: 60, transitions: [Zone.Transition(at: Instant(milliseconds: 5), offset: 120)])
    let first = publish([a, b], over: RuleSet(), zone: zone)
    let rules = publish([a.replacing("1m", "2m"), b], over: first)
    let bytes = rules.encoded()
    let again = try RuleSet(decoding: bytes)
    #expect(again == rules)
    #expect(again.encoded() == bytes)
    for cut in 0..<bytes.count {
      #expect(throws: BinaryError.self) { try RuleSet(decoding: Array(bytes[..<cut])) }
    }
  }
}

extension String {
  fileprivate func replacing(_ old: String, _ new: String) -> String {
    guard let range = firstRange(of: old) else { return self }
    return self[..<range.lowerBound] + new + self[range.upperBound...]
  }
}
