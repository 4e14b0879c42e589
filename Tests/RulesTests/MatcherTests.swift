import AttuneModel
import Testing

@testable import Rules

/// Hand-checked answers from RULES.md. Minutes are 60,000 ms.
@Suite struct MatcherTests {
  private let minute: Int64 = 60_000
  private let hesitating =
    "{rule: r, pattern: [{on: view, times: 3, as: v}, {not: buy, for: 30m}], within: 2h, emit: {n: count(v), last: v.item}}"

  @Test func threeViewsAndNoPurchase() {
    var bench = Bench(ruleSet(hesitating))
    for at in 0...2 { bench.send(event("view", Int64(at) * minute, ["item": .string("i\(at)")])) }
    bench.pass(to: 32 * minute - 1)
    #expect(bench.matches.isEmpty)
    bench.pass(to: 32 * minute)
    #expect(bench.told == ["1920000: 0 1 2"])
    let match = bench.matches[0]
    #expect(match.emit == [Property("n", .number(3)), Property("last", .string("i2"))])
    #expect(match.rule == "r" && match.version == 1 && match.user == "u1" && match.key == [.string("u1")])
    #expect(match.events[0].alias == "v" && !match.shadow)
    #expect(bench.matcher == Bench.idle)
  }

  @Test func aPurchaseCancelsUnlessItComesAtTheDeadline() {
    for (at, count) in [(2 * minute, 0), (32 * minute - 1, 0), (32 * minute, 1), (32 * minute + 1, 1)] {
      var bench = Bench(ruleSet(hesitating))
      for at in 0...2 { bench.send(event("view", Int64(at) * minute)) }
      bench.send(event("buy", at))
      bench.finish()
      #expect(bench.matches.count == count, "buy at \(at)")
      #expect(bench.matcher == Bench.idle)
    }
  }

  @Test func aFourthViewMovesTheWait() {
    var bench = Bench(ruleSet(hesitating))
    for at in [0, 1, 2, 20] { bench.send(event("view", Int64(at) * minute)) }
    bench.finish()
    #expect(bench.told == ["3000000: 1 2 3"])
    // What was matched is used up: two more views are not three.
    bench.send(event("view", 60 * minute), event("view", 61 * minute))
    bench.finish()
    #expect(bench.matches.count == 1)
    #expect(bench.matcher == Bench.idle)
  }

  @Test func aSecondCartMovesTheWaitAndEachDoesNot() {
    let carts = [event("cart", 0), event("cart", 60_000)]
    for (text, told) in [
      ("{rule: r, pattern: [{on: cart}, {not: buy, for: 30m}]}", ["1860000: 1"]),
      ("{rule: r, pattern: [{on: cart}, {not: buy, for: 30m}], skip: none}", ["1800000: 0", "1860000: 1"]),
      ("{rule: r, pattern: [{on: cart}, {not: buy}], within: 30m, skip: pastLast}", ["1800000: 0", "1860000: 1"]),
    ] {
      var bench = Bench(ruleSet(text))
      for cart in carts { bench.send(cart) }
      bench.finish()
      #expect(bench.told == told, "\(text)")
    }
  }

  @Test func theRingForgetsWhatFellOutOfWithin() {
    var bench = Bench(ruleSet("{rule: r, pattern: [{on: view, times: 3}], within: 10m}"))
    for at in [0, 5, 10, 12, 50] as [Int64] { bench.send(event("view", at * minute)) }
    #expect(bench.told == ["720000: 1 2 3"])
    #expect(bench.matcher.openAttempts == 1)
    bench.pass(to: 60 * minute - 1)
    #expect(bench.matcher != Matcher())
    bench.pass(to: 60 * minute)
    #expect(bench.matcher == Bench.idle)
  }

  @Test func withinIsExclusive() {
    let rules = ruleSet("{rule: r, pattern: [{on: a}, {then: b}], within: 10m}")
    for (at, count) in [(600_000 - 1, 1), (600_000, 0)] as [(Int64, Int)] {
      var bench = Bench(rules)
      bench.send(event("a", 0), event("b", at))
      #expect(bench.matches.count == count)
      // Also when nobody fired the timers in between.
      var matcher = Matcher()
      var matches: [Match] = []
      matcher.handle(
        OrderBuffer.Waiting(event("a", 0), sequence: 0), profile: { _ in [] }, rules: rules, into: &matches)
      matcher.handle(
        OrderBuffer.Waiting(event("b", at), sequence: 1), profile: { _ in [] }, rules: rules, into: &matches)
      #expect(matches.count == count)
    }
  }

  @Test func oneEventServesOneStep() {
    var bench = Bench(ruleSet("{rule: r, pattern: [{on: buy}, {then: buy}], within: 7d}"))
    for at in 0..<5 { bench.send(event("buy", Int64(at))) }
    // Past the last: the third purchase begins the next pair.
    #expect(bench.told == ["1: 0 | 1", "3: 2 | 3"])
  }

  @Test func conditionsSeeEarlierStepsAndTheProfile() {
    let rules = ruleSet(
      """
      {rule: r, pattern: [{on: view, as: v, where: "price > profile.limit"},
      {then: cut, as: c, where: "item == v.item and price < v.price"}], within: 12h, emit: {saved: v.price - c.price}}
      """)
    var bench = Bench(rules)
    bench.profile = [Property("limit", .number(50))]
    func send(_ name: String, _ at: Int64, _ item: String, _ price: Double) {
      bench.send(event(name, at, ["item": .string(item), "price": .number(price)]))
    }
    send("view", 0, "x", 40)
    send("view", 1, "x", 90)
    send("cut", 2, "y", 10)
    send("cut", 3, "x", 95)
    send("cut", 4, "x", 60)
    #expect(bench.told == ["4: 1 | 4"])
    #expect(bench.matches.first?.emit == [Property("saved", .number(30))])
  }

  @Test func notBetweenStepsForbidsOnlyThere() {
    let rules = ruleSet(
      "{rule: r, pattern: [{on: search, as: s}, {not: leave, where: x == s.x}, {then: view}], within: 1h, skip: none}")
    for (names, count) in [
      (["search", "leave", "view"], 0), (["leave", "search", "view", "leave"], 1), (["search", "other", "view"], 1),
    ] {
      var bench = Bench(rules)
      for (at, name) in names.enumerated() { bench.send(event(name, Int64(at), ["x": .number(1)])) }
      #expect(bench.matches.count == count, "\(names)")
    }
    var bench = Bench(rules)
    bench.send(event("search", 0, ["x": .number(1)]), event("leave", 1, ["x": .number(2)]), event("view", 2))
    #expect(bench.matches.count == 1)
  }

  @Test func withoutForbidsThroughoutAndNotDoesNot() {
    let steps = "pattern: [{on: view, times: 2}, {not: buy, for: 30m}], within: 2h"
    for (extra, count) in [("", 1), (", without: buy", 0)] {
      var bench = Bench(ruleSet("{rule: r, \(steps)\(extra)}"))
      bench.send(event("view", 0), event("buy", 1), event("view", 2))
      bench.finish()
      #expect(bench.matches.count == count)
      #expect(bench.matcher == Bench.idle)
    }
  }

  @Test func havingThatFailsSkipsNothing() {
    var bench = Bench(
      ruleSet("{rule: r, pattern: [{on: chat, as: c, times: 2+}], within: 1h, having: distinct(c.seller) >= 3}"))
    for (at, seller) in ["a", "a", "b", "b", "c", "a"].enumerated() {
      bench.send(event("chat", Int64(at), ["seller": .string(seller)]))
    }
    #expect(bench.told == ["4: 0 1 2 3 4"])
  }

  @Test func keysSeparate() {
    var bench = Bench(ruleSet("{rule: r, key: [user, item], pattern: [{on: view, times: 2}], within: 1h}"))
    func view(_ user: String, _ at: Int64, _ item: Value?) {
      bench.send(event("view", at, user: user, item.map { ["item": $0] } ?? [:]))
    }
    view("u1", 0, .string("x"))
    view("u2", 1, .string("x"))
    view("u1", 2, .number(1))
    view("u1", 3, .list([.string("x")]))
    view("u3", 4, nil)
    view("u1", 5, .number(.nan))
    #expect(bench.matcher.openAttempts == 3)
    view("u1", 6, .string("x"))
    #expect(bench.told == ["6: 0 6"])
    bench.matcher.erase(user: "u1", at: .distantPast)
    #expect(bench.matcher.openAttempts == 1)
    bench.matcher.erase(user: "u2", at: .distantPast)
    #expect(bench.matcher == Bench.idle && bench.matcher.nextDeadline == nil)
  }

  /// An event without a user is judged for each user it reaches by that user's profile, late ones too.
  @Test func partOfAKeyMeetsEachUsersProfile() {
    var stream = RuleStream(
      rules: ruleSet(
        "{rule: told, key: [user, item], pattern: [{on: view}, {then: cut, where: profile.vip == true}], within: 1h}",
        "{rule: alone, key: [user, item], pattern: [{on: view}, {not: cut, where: profile.vip == true, for: 5ms}]}"),
      lateness: nil)
    var outputs: [RuleStream.Output] = []
    for number in 0..<10 {
      stream.set(profile: [Property("vip", .bool(number % 2 == 0))], of: "u\(number)")
      stream.send(event("view", 1, user: "u\(number)", ["item": .string("x")]), into: &outputs)
    }
    stream.advance(to: Instant(milliseconds: 1), into: &outputs)
    stream.send(event("cut", 20, user: "", ["item": .string("x")]), into: &outputs)
    stream.advance(to: Instant(milliseconds: 20), into: &outputs)
    stream.send(event("cut", 3, user: "", ["item": .string("x")]), into: &outputs)
    func users(_ rule: String, retracted: Bool = false) -> [String] {
      outputs.compactMap { output in
        switch output {
        case .match(let match) where !retracted && match.rule == rule: match.user
        case .retracted(let match) where retracted && match.rule == rule: match.user
        default: nil
        }
      }
    }
    let (all, vips) = ((0..<10).map { "u\($0)" }, [0, 2, 4, 6, 8].map { "u\($0)" })
    #expect(users("told") == vips)
    #expect(users("alone") == all)
    #expect(users("alone", retracted: true) == vips)
  }

  /// Across users others' events stay, and what the erased one did is in no match.
  @Test func anErasedUserIsInNoRing() {
    var bench = Bench(
      ruleSet("{rule: r, key: item, to: user, pattern: [{on: view, as: v, times: 3}], within: 1h, emit: {n: count(v)}}")
    )
    for (at, user) in [(0, "u1"), (1, "u2")] as [(Int64, String)] {
      bench.send(event("view", at, user: user, ["item": .string("x")]))
    }
    bench.matcher.erase(user: "u1", at: .distantPast)
    for at in [2, 3] as [Int64] { bench.send(event("view", at, user: "u3", ["item": .string("x")])) }
    #expect(bench.told == ["3: 1 2 3"])
    #expect(bench.matches.map(\.user) == ["u3"])
  }

  @Test func deadlinesFireInTheOrderOfTimeThenKey() {
    var bench = Bench(
      ruleSet(
        "{rule: b, pattern: [{on: cart}, {not: buy, for: 10m}]}",
        "{rule: a, mode: shadow, pattern: [{on: cart}, {not: buy, for: 10m}]}"))
    for user in ["u3", "u1", "u2"] { bench.send(event("cart", 5, user: user)) }
    bench.send(event("cart", 4, user: "u9"))
    #expect(bench.matcher.nextDeadline == Instant(milliseconds: 600_004))
    #expect(bench.matcher.latestDeadline == Instant(milliseconds: 600_005))
    bench.finish()
    #expect(bench.matches.map { $0.rule + $0.user } == ["bu9", "au9", "bu1", "au1", "bu2", "au2", "bu3", "au3"])
    #expect(bench.matches.allSatisfy { $0.shadow == ($0.rule == "a") })
  }

  @Test func typesCanBeListsOrAny() {
    var bench = Bench(ruleSet("{rule: r, pattern: [{on: [a, b]}, {then: any, where: type != 'c'}], within: 1h}"))
    bench.send(event("c", 0), event("b", 1), event("c", 2), event("d", 3))
    #expect(bench.told == ["3: 1 | 3"])
  }

  @Test func attemptsAreLimited() {
    var bench = Bench(ruleSet("{rule: r, pattern: [{on: a, as: a}, {then: b}], within: 1h, skip: none}"))
    for at in 0..<70 { bench.send(event("a", Int64(at))) }
    #expect(bench.matcher.openAttempts == 64 && bench.matcher.refusedAttempts == 6)
    bench.send(event("b", 100))
    #expect(bench.matches.count == 64)
    #expect(bench.matches.last?.events.first?.events.first?.sequence == 63)
    // A wait that moves needs no room of its own.
    var moving = Bench(ruleSet("{rule: r, pattern: [{on: a, times: 1+}, {not: b, for: 30m}], within: 1h}"))
    for at in 0..<70 { moving.send(event("a", Int64(at))) }
    #expect(moving.matcher.refusedAttempts == 6)
    // A ring is not so many attempts.
    var hundred = Bench(ruleSet("{rule: r, pattern: [{on: a, times: 100}], within: 1h}"))
    for at in 0..<100 { hundred.send(event("a", Int64(at))) }
    #expect(hundred.matches.count == 1 && hundred.matcher.refusedAttempts == 0)
  }

  @Test func anEventOutOfOrderIsNotTakenBackwards() {
    let rules = ruleSet("{rule: r, pattern: [{on: a}, {not: c}, {then: b}], within: 1h, skip: none}")
    var matcher = Matcher()
    var matches: [Match] = []
    for (sequence, event) in [event("a", 10), event("b", 5), event("c", 6), event("a", 3), event("b", 20)].enumerated()
    {
      matcher.handle(
        OrderBuffer.Waiting(event, sequence: UInt64(sequence)), profile: { _ in [] }, rules: rules, into: &matches)
    }
    #expect(matches.map { $0.events.map { $0.events[0].sequence } } == [[0, 4], [3, 4]])
  }

  @Test func absurdInstantsDoNoHarm() {
    for at in [Int64.min, -1, 0, .max - 1, .max] {
      var bench = Bench(ruleSet("{rule: r, pattern: [{on: cart, times: 2}, {not: buy, for: 30m}], within: 1h}"))
      bench.send(event("cart", at), event("cart", at))
      bench.finish()
      #expect(bench.matcher == Bench.idle, "\(at)")
    }
    // Nothing is wrong with instant 0.
    var bench = Bench(ruleSet("{rule: r, pattern: [{on: cart}, {not: buy, for: 30m}]}"))
    bench.send(event("cart", 0))
    bench.finish()
    #expect(bench.told == ["1800000: 0"])
  }
}
