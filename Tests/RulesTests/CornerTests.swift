import AttuneModel
import Testing

@testable import Rules

/// Corners of the law that once told the matcher and the reference apart, each with its smallest example.
@Suite struct CornerTests {
  private func told(_ rule: String, _ events: Event...) -> [String] {
    var bench = Bench(ruleSet("{rule: r, \(rule)}"))
    for event in events { bench.send(event) }
    bench.finish()
    return bench.told
  }

  private let p: [String: Value] = ["item": .string("p")]

  /// It may be taken by what is open, and is never a beginning.
  @Test func partOfAKeyGoesOnWithASlidingRepetition() {
    let told = told(
      "key: [user, item], pattern: [{on: a, times: 3}], within: 1h, skip: none",
      event("a", 1, p), event("a", 2), event("a", 3, p), event("a", 4, p), event("a", 5, user: "", p), event("a", 6, p))
    #expect(told == ["3: 0 1 2", "5: 2 3 4", "6: 3 4 5"])
  }

  /// Nor is it one for who reads it from a checkpoint.
  @Test func partOfAKeyIsReadAsSuch() throws {
    var bench = Bench(ruleSet("{rule: r, key: [user, item], pattern: [{on: a, times: 3}], within: 1h, skip: none}"))
    bench.send(event("a", 1, p), event("a", 2))
    bench.matcher = try Matcher(decoding: bench.matcher.encoded())
    bench.send(event("a", 3, p), event("a", 4, p))
    #expect(bench.told == ["3: 0 1 2"])
  }

  @Test func aMatchWithoutTheStepSkipsNothing() {
    let rule = "pattern: [{on: a, as: v, optional: true}, {then: b}], within: 1h, skip: toLast(v)"
    // The match of b alone does not drop the one with a, nor a later one.
    #expect(told(rule, event("a", 1), event("b", 2), event("b", 3)) == ["2: 0 | 1", "2: 1", "3: 2"])
  }

  @Test func greedyStepsThatArePassedOverKeepTheirs() {
    let rule =
      "pattern: [{on: [a, b], times: 1..2, optional: true, greedy: true}, {then: [a, c]}], within: 1h, skip: none"
    #expect(told(rule, event("a", 1)).isEmpty)
    #expect(told(rule, event("a", 1), event("c", 2)) == ["2: 0 | 1", "2: 1"])
  }

  /// As Flink's GreedyITCase has it: whoever would go on past an event that the greedy step takes is over by it.
  @Test(arguments: ["1+", "2..5"]) func onlyTheLongestGreedyRepetitionGoesOn(_ times: String) {
    let rule = "pattern: [{on: c}, {then: a, times: \(times), greedy: true}, {then: d}], within: 1h, skip: none"
    #expect(
      told(rule, event("c", 0), event("a", 1), event("a", 2), event("a", 3), event("d", 4)) == ["4: 0 | 1 2 3 | 4"])
  }

  @Test func whatEndsARepetitionIsNotItsFirstEither() {
    let rule = "pattern: [{on: a}, {then: b, times: 2+, until: price > 3}], within: 1h, skip: none"
    func b(_ at: Int64, _ price: Double) -> Event { event("b", at, ["price": .number(price)]) }
    #expect(told(rule, event("a", 0), b(1, 4), b(2, 1), b(3, 1)).isEmpty)
    #expect(told(rule, event("a", 0), b(1, 1), b(2, 1), b(3, 4), b(4, 1)) == ["2: 0 | 1 2"])
    #expect(
      told("pattern: [{on: b, times: 1+, until: price > 3}], within: 1h, skip: none", b(1, 4), b(2, 1)) == ["2: 1"])
  }

  @Test func aMissingValueFitsNoRepetition() {
    for word in ["same", "distinct"] {
      let rule = "pattern: [{on: a}, {then: b, times: 1..2, \(word): item}], within: 1h, skip: none"
      #expect(told(rule, event("a", 1), event("b", 2)).isEmpty)
      #expect(told(rule, event("a", 1), event("b", 2, p)) == ["2: 0 | 1"])
    }
  }

  /// It waits for no deadline, so `restart` moves nothing.
  @Test func notNextIsDecidedBeforeAnythingMoves() {
    let rule = "pattern: [{on: a}, {notNext: b}], within: 1h"
    #expect(told(rule, event("a", 1), event("a", 2), event("c", 3)) == ["2: 0", "3: 1"])
    #expect(told(rule, event("a", 1), event("b", 2), event("c", 3)).isEmpty)
  }

  /// Alone in its set, with types that nothing names.
  @Test func aRuleThatSeesEveryEventIsStillFoundByItsTypes() {
    let rule = "pattern: [{on: a}, {next: b}], within: 1h, skip: none"
    #expect(told(rule, event("a", 1), event("b", 2)) == ["2: 0 | 1"])
    #expect(told(rule, event("a", 1), event("z", 2), event("b", 3)).isEmpty)
  }

  /// Between the steps as well as at the end.
  @Test(arguments: [11, 14]) func aLateEventRetractsWhereverItIsForbidden(_ at: Int64) {
    let rules = ruleSet("{rule: r, pattern: [{on: a}, {not: x}, {then: b}, {not: y, for: 9ms}], within: 1h}")
    var stream = RuleStream(rules: rules, lateness: nil)
    var outputs: [RuleStream.Output] = []
    stream.send(event("a", 10), into: &outputs)
    stream.send(event("b", 13), into: &outputs)
    stream.advance(to: Instant(milliseconds: 40), into: &outputs)
    let late = event(at < 13 ? "x" : "y", at)
    stream.send(late, into: &outputs)
    guard case .match(let match)? = outputs.first else {
      Issue.record("\(outputs)")
      return
    }
    #expect(Array(outputs.dropFirst()) == [.late(late), .retracted(match)])
  }

  /// At 92 the first wait fires, and the sliding events are long over; the second wait is not.
  @Test func whatIsOverIsNotWrittenDown() throws {
    var bench = Bench(
      ruleSet("{rule: r, pattern: [{on: a, times: 2}, {not: b, for: 90ms}], within: 10ms, skip: none}"))
    bench.send(event("a", 1), event("a", 2), event("a", 3))
    bench.pass(to: 92)
    let bytes = bench.matcher.encoded()
    #expect(try Matcher(decoding: bytes).encoded() == bytes)
  }
}
