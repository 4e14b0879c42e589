import AttuneModel
import Testing

@testable import Rules

@Suite struct LanguageTests {
  @Test func readsWhatAbsencesSay() throws {
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

  @Test func readsHowStepsFollowAndRepeat() throws {
    let (rule, told) = read(
      """
      {rule: session, key: [user], pattern: [
      {on: any, as: a, times: 2+, consecutive: true, gap: 5m, optional: true},
      {next: [b, c], as: b, times: 2..3, combinations: true, until: "type == 'x'"},
      {notNext: d, where: price > b.price}, {not: e},
      {thenAny: f, as: f, times: 1000, same: item, distinct: day(ts), greedy: true, optional: false},
      {then: g}, {notNext: [h, i]}], within: 1d}
      """)
    #expect(
      told.hasPrefix("rule.yaml:3:1: warning: the attempts that 'b' keeps open can grow with the power 4"), "\(told)")
    let steps = try #require(rule?.pattern.steps)
    #expect(steps.map(\.label) == ["a", "b", "f", "g"] && steps.map(\.follows) == [.relaxed, .strict, .any, .relaxed])
    #expect(steps.map(\.repeats) == [.strict, .any, .relaxed, .relaxed])
    #expect(steps.map(\.times) == [2...Int.max, 2...3, 1000...1000, 1...1])
    #expect(steps.map(\.isOptional) == [true, false, false, false])
    #expect(steps.map(\.isGreedy) == [false, false, true, false])
    #expect(steps.map(\.gap) == [.minutes(5), nil, nil, nil])
    #expect(steps.map(\.until?.text) == [nil, "type == 'x'", nil, nil])
    #expect(steps.map(\.same?.text) == [nil, nil, "item", nil])
    #expect(steps.map(\.distinct?.text) == [nil, nil, "day(ts)", nil])
    #expect(steps[1].forbiddenNext.map(\.types) == [.some(["d"])] && steps[1].forbidden.map(\.types) == [.some(["e"])])
    #expect(steps[1].forbiddenNext[0].condition?.text == "price > b.price")
    #expect(steps[3].forbiddenNext.map(\.types) == [.some(["h", "i"])])
    #expect(rule?.pattern.absence == nil && rule?.pattern.endsWithNext == true)
    #expect(rule?.pattern.repetition == .restart && rule?.eventTypes == nil)
  }

  @Test func aTrailingNotMayStandBesideNotNext() {
    for order in ["{notNext: c}, {not: b, for: 5m}", "{not: b, for: 5m}, {notNext: c}"] {
      let (rule, told) = read("{rule: r, pattern: [{on: a}, \(order)]}")
      #expect(told.isEmpty && rule?.pattern.absence == .after(.minutes(5)), "\(order) \(told)")
      #expect(rule?.pattern.steps[0].forbidden.count == 1 && rule?.pattern.steps[0].forbiddenNext.count == 1)
      #expect(rule?.pattern.endsWithNext == false)
    }
  }

  @Test func aKeyMayBeOfAnyProperties() throws {
    let image = try #require(
      read("{rule: r, key: image, to: sender, pattern: [{on: send, times: 100}, {then: seen, as: s}], within: 5m}").rule
    )
    #expect(image.isCrossUser && image.key == ["image"] && image.addressee == "sender")
    #expect(image.pattern.addressee == .taken([0, 0]))
    #expect(image.pattern.steps.map(\.kept) == [[.property("sender")], [.property("sender")]])
    let part = try #require(read("{rule: r, key: [shop, owner], to: owner, pattern: {on: a}}").rule)
    #expect(part.isCrossUser && part.pattern.addressee == .key(part: 1))
    #expect(read("{rule: r, key: shop, to: user, pattern: {on: a}}").rule?.pattern.steps[0].kept == [.user])
    let own = try #require(read("{rule: r, key: [item, user], pattern: {on: a}}").rule)
    #expect(!own.isCrossUser && own.addressee == "user" && own.pattern.addressee == .key(part: 1))
    #expect(read("{rule: r, to: seller, pattern: {on: a}}").rule?.pattern.addressee == .taken([0]))
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
    ("{rule: r, key: item, pattern: [{on: a}]}", "1:16", ["without 'user'", "whom", "or add user: key: [user, item]"]),
    ("{rule: r, key: [user, user], pattern: [{on: a}]}", "1:23", ["twice"]),
    ("{rule: r, to: ts, pattern: [{on: a}]}", "1:15", ["'ts' names nobody"]),
    ("{rule: r, mode: shaddow, pattern: [{on: a}]}", "1:17", ["did you mean 'shadow'?"]),
    ("{rule: r, pattern: [{on: a}], repeat: once}", "1:39", ["restart, each"]),
    ("{rule: r, pattern: [{on: a}, {not: b, for: 1m}], repeat: restart, skip: none}", "1:73", ["one wait per key"]),
    ("{rule: r, pattern: [{on: a}], skip: pastlast}", "1:37", ["did you mean 'pastLast'?"]),
    ("{rule: r, pattern: [{on: a, as: vue}], skip: toLast(vu)}", "1:46", ["did you mean 'vue'?"]),
    ("{rule: r, pattern: [{on: a, as: v, where: v.x > 1}]}", "1:43", ["this very step", "write x"]),
    ("{rule: r, pattern: [{on: a}, {then: b, where: w.x > 1 and (}], within: 1h}", "1:60", ["found the end"]),
    ("{rule: r, pattern: [{on: a, as: view}], emit: {x: vew.item}}", "1:51", ["nothing is called", "'view'?"]),
    ("{rule: r, pattern: [{on: a}], emit: {x: item}}", "1:41", ["as: v"]),
    ("{rule: r, pattern: [{on: a}], emit: [x]}", "1:37", ["expected emit"]),
    ("{rule: r, pattern: [{on: a, as: v}], having: count(v)}", "1:46", ["expected a condition"]),
    ("{rule: r,\n pattern: [\n  {on: a b}]}", "3:8", ["cannot be an event type"]),
    ("{rule: r, pattern: [{thenAny: a}]}", "1:21", ["the first step is an 'on', this is a 'thenAny'"]),
    ("{rule: r, pattern: [{notNext: a}]}", "1:21", ["the first step is an 'on'"]),
    ("{rule: r, pattern: [{on: a}, {next: b, then: c}], within: 1h}", "1:37", ["'then' or 'next', not both"]),
    ("{rule: r, pattern: [{on: a, optional: maybe}]}", "1:39", ["'optional', true or false"]),
    ("{rule: r, pattern: [{on: a, gap: 5m}]}", "1:34", ["nothing is matched before"]),
    ("{rule: r, pattern: [{on: a}, {then: b, gap: 0s}]}", "1:45", ["'gap' must be longer than nothing"]),
    ("{rule: r, pattern: [{on: a}, {then: b, gap: 5}], within: 1h}", "1:45", ["'gap', a duration", "10m"]),
    (
      "{rule: r, pattern: [{on: a, times: 3, consecutive: true, combinations: true}], within: 1h}", "1:72",
      ["keep one of them"]
    ),
    ("{rule: r, pattern: [{on: a, consecutive: true}]}", "1:42", ["takes one event", "times: 2+"]),
    ("{rule: r, pattern: [{on: a, times: 1, combinations: true}]}", "1:53", ["takes one event"]),
    ("{rule: r, pattern: [{on: a, same: item}]}", "1:35", ["'same' has no meaning"]),
    ("{rule: r, pattern: [{on: a, distinct: item}]}", "1:39", ["'distinct' has no meaning"]),
    ("{rule: r, pattern: [{on: a, greedy: true}]}", "1:37", ["'greedy' has no meaning"]),
    ("{rule: r, pattern: [{on: a, until: x > 1}]}", "1:36", ["'until' has no meaning"]),
    ("{rule: r, pattern: [{on: a, times: 2, until: x + 1}], within: 1h}", "1:46", ["expected a condition"]),
    ("{rule: r, pattern: [{on: a, times: 2, same: 5}], within: 1h}", "1:45", ["asks nothing of the event"]),
    ("{rule: r, pattern: [{on: a, times: 2, distinct: profile.x}], within: 1h}", "1:49", ["asks nothing of the event"]),
    ("{rule: r, pattern: [{on: a, times: 2, same: x, distinct: x}], within: 1h}", "1:58", ["keep one of them"]),
    (
      "{rule: r, pattern: [{on: a, as: v}, {then: b, times: 2, same: v.x}], within: 1h}", "1:63",
      ["only at the event at hand", "'where'"]
    ),
    ("{rule: r, pattern: [{on: a, as: v, times: 2, until: count(v) > 3}], within: 1h}", "1:59", ["at hand"]),
    ("{rule: r, pattern: [{on: a}, {notNext: b, for: 5m}], within: 1h}", "1:48", ["very next event"]),
    ("{rule: r, pattern: [{on: a}, {notNext: b, gap: 5m}], within: 1h}", "1:48", ["'notNext' takes no 'gap'"]),
    ("{rule: r, pattern: [{on: a}, {not: b, optional: true}], within: 1h}", "1:49", ["'not' takes no 'optional'"]),
    ("{rule: r, pattern: [{on: a}, {not: b, for: 3m}, {not: c}], within: 1h}", "1:44", ["'for' belongs to the last"]),
    ("{rule: r, pattern: [{on: [a, any]}]}", "1:30", ["'any' stands alone"]),
    ("{rule: r, key: [], pattern: [{on: a}]}", "1:16", ["at least one property"]),
    ("{rule: r, key: [user, ts], pattern: [{on: a}]}", "1:23", ["instant"]),
    ("{rule: r, key: [user, b, c, d, e, f, g, h, i], pattern: [{on: a}]}", "1:16", ["at most 8"]),
    (
      "{rule: r, key: [item, shop], pattern: [{on: a}]}", "1:16",
      ["'user' does not tell whom", "add user: key: [user, item, shop]"]
    ),
    ("{rule: r, key: item, to: a b, pattern: [{on: a}]}", "1:26", ["cannot be an addressee"]),
    (
      "{rule: r, key: item, to: user, pattern: [{on: a, where: x > 1 and profile.city == 'x'}]}", "1:67",
      ["a profile to ask", "add 'user' to the key"]
    ),
    ("{rule: r, key: item, to: user, pattern: [{on: a}], emit: {c: profile.city}}", "1:62", ["a profile to ask"]),
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

  @Test func listsHaveAnEnd() {
    let types = (0..<65).map { "t\($0)" }
    let many = types.joined(separator: ", ")
    #expect(read("{rule: r, pattern: {on: [\(many)]}}").told.contains("1:25: error: a list has at most 64 event types"))
    let emit = types.map { "\($0): v.x" }.joined(separator: ", ")
    let told = read("{rule: r, pattern: {on: a, as: v}, emit: {\(emit)}}").told
    #expect(told.contains("1:42: error: a rule emits at most 64 values, this one 65"), "\(told)")
    let steps = ["{on: a}"] + types.prefix(16).map { "{then: \($0)}" }
    #expect(read("{rule: r, pattern: [\(steps.joined(separator: ", "))]}").told.contains("1:20: error: a pattern has"))
  }

  @Test func restartBeforeAnEventIsWarnedOf() {
    let (rule, told) = read("{rule: r, pattern: [{on: a}, {then: b}], within: 1m, repeat: restart}")
    #expect(rule?.pattern.repetition == .each)
    #expect(told.contains("rule.yaml:1:62: warning:"), "\(told)")
  }

  @Test func aMisspeltAliasIsToldAtItsExpression() {
    let told = read(
      "{rule: r, within: 1h, pattern: [{on: view, as: view}, {then: view, where: price < viev.price}]}"
    ).told
    #expect(told.contains("warning: 'viev.price' is a property of the event here"), "\(told)")
    #expect(told.contains("did you mean 'view'?"), "\(told)")
    #expect(
      read("{rule: r, within: 1h, pattern: [{on: view, as: v}, {then: view, where: item.price < v.price}]}").told == "")
  }
}
