import AttuneModel
import Testing

@testable import Rules

@Suite struct LateTests {
  @Test func cancelsOnlyWhatItFallsInto() {
    let rules = ruleSet("{rule: r, pattern: [{on: cart}, {not: buy, for: 30m}]}")
    for (at, count) in [(-1, 1), (0, 0), (100, 0), (1_799_999, 0), (1_800_000, 1)] as [(Int64, Int)] {
      var bench = Bench(rules)
      bench.send(event("cart", 0))
      bench.pass(to: 1_000_000)
      bench.late(event("buy", at))
      bench.late(event("view", at))
      bench.finish()
      #expect(bench.matches.count == count, "\(at)")
      #expect(bench.matcher == Bench.idle)
    }
  }

  @Test func startsAndCompletesNothing() {
    var bench = Bench(ruleSet("{rule: r, pattern: [{on: a}, {then: b}], within: 1h}"))
    bench.send(event("a", 0))
    bench.late(event("b", 5))
    bench.late(event("a", 5))
    #expect(bench.matches.isEmpty && bench.matcher.openAttempts == 1)
  }

  @Test func reachesBetweenStepsAlreadyMatched() {
    let rules = ruleSet("{rule: r, pattern: [{on: a}, {not: x}, {then: b}, {then: c}], within: 1h}")
    for (at, count) in [(9, 1), (10, 0), (19, 0), (20, 1), (25, 1)] as [(Int64, Int)] {
      var bench = Bench(rules)
      bench.send(event("a", 10), event("b", 20))
      bench.late(event("x", at))
      bench.send(event("c", 30))
      #expect(bench.matches.count == count, "\(at)")
    }
  }

  @Test func endsWhatWithoutForbids() {
    let rules = ruleSet("{rule: r, pattern: [{on: a, times: 3}], within: 1h, without: x}")
    for (at, told) in [(5, ["40: 0 1 2"]), (15, ["50: 1 2 3"]), (30, [])] as [(Int64, [String])] {
      var bench = Bench(rules)
      bench.send(event("a", 10), event("a", 20))
      bench.late(event("x", at))
      bench.send(event("a", 40), event("a", 50))
      #expect(bench.told == told, "\(at)")
    }
  }
}

@Suite struct PublishingTests {
  private let short = "{rule: r, pattern: [{on: cart}, {not: buy, for: 30m}]}"
  private let long = "{rule: r, pattern: [{on: cart}, {not: buy, for: 60m}]}"

  private func publish(_ texts: [String], over previous: RuleSet) -> RuleSet {
    var diagnostics = Diagnostics()
    return RuleSet(
      reading: texts.map(Flow.node), zone: .utc, replacing: previous, at: Instant(milliseconds: 100), &diagnostics)
  }

  @Test func attemptsFinishUnderTheirVersion() {
    let first = publish([short], over: RuleSet())
    var bench = Bench(first)
    bench.send(event("cart", 0, user: "u1"), event("cart", 0, user: "u2"), event("cart", 0, user: "u3"))
    bench.rules = publish([long], over: first)
    bench.matcher.adopt(bench.rules)
    bench.send(event("cart", 1000, user: "u1"), event("buy", 2000, user: "u2"))
    bench.finish()
    #expect(
      bench.matches.map { "\($0.user) v\($0.version) \($0.at.milliseconds)" }
        == ["u1 v1 1800000", "u3 v1 1800000", "u1 v2 3601000"])
    #expect(bench.matcher == Bench.idle)
  }

  @Test func anUnchangedRuleNoticesNothing() {
    let first = publish([short], over: RuleSet())
    var bench = Bench(first)
    bench.send(event("cart", 0))
    bench.rules = publish(["\n" + short, "{rule: other, pattern: [{on: cart}]}"], over: first)
    bench.matcher.adopt(bench.rules)
    #expect(bench.matcher.openAttempts == 1)
    bench.finish()
    #expect(bench.matches.map(\.version) == [1])
  }

  @Test func attemptsOfARemovedRuleAreDropped() {
    let first = publish([short], over: RuleSet())
    var bench = Bench(first)
    bench.send(event("cart", 0))
    bench.rules = publish([], over: first)
    bench.matcher.adopt(bench.rules)
    #expect(bench.matcher == Bench.idle && bench.matcher.nextDeadline == nil)
  }

  @Test func damagedBytesAreRefused() throws {
    var bench = Bench(publish([short, "{rule: s, pattern: [{on: cart, times: 3}], within: 1h}"], over: RuleSet()))
    bench.send(event("cart", 0, id: "e1"), event("cart", 1))
    let bytes = bench.matcher.encoded()
    #expect(try Matcher(decoding: bytes) == bench.matcher)
    #expect(try Matcher(decoding: bytes).encoded() == bytes)
    for cut in 0..<bytes.count { #expect(throws: BinaryError.self) { try Matcher(decoding: Array(bytes[..<cut])) } }
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      var damaged = bytes
      damaged[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      guard var matcher = try? Matcher(decoding: damaged) else { continue }
      var matches: [Match] = []
      matcher.handle(
        OrderBuffer.Waiting(event("cart", 5), sequence: 9), profile: { _ in [] }, rules: bench.rules, into: &matches)
      matcher.cancel(
        with: event("buy", 2), at: .distantPast, profile: { _ in [] }, rules: bench.rules, retracting: &matches)
      matcher.fire(through: .distantFuture, profile: { _ in [] }, rules: bench.rules, into: &matches)
    }
  }
}
