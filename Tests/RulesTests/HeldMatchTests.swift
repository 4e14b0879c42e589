import AttuneModel
import Testing

@testable import Rules

/// As in Flink: where a match skips others, it waits for those that began before it.
@Suite struct HeldMatchTests {
  private let pattern = "pattern: [{on: a, as: a}, {then: b, where: item == a.item}], within: 10ms"
  private let p: [String: Value] = ["item": .string("p")]
  private let q: [String: Value] = ["item": .string("q")]

  /// The match of 1 and 2 is complete at 2, while the attempt of 0 is open until 10.
  private func bench(_ rule: String) -> Bench {
    var bench = Bench(ruleSet("{rule: r, \(rule)}"))
    bench.send(event("a", 0, p), event("a", 1, q), event("b", 2, q))
    return bench
  }

  @Test(arguments: ["pastLast", "toNext", "toFirst(b)", "toLast(b)"])
  func waitsForTheEarlierStartToEnd(_ skip: String) {
    var bench = bench("\(pattern), skip: \(skip)")
    bench.pass(to: 9)
    #expect(bench.told.isEmpty && bench.matcher.openAttempts == 2)
    #expect(bench.matcher.latestDeadline == Instant(milliseconds: 10))
    bench.pass(to: 10)
    // Its instant stays that of its last event.
    #expect(bench.told == ["2: 1 | 2"])
    #expect(bench.matcher == Bench.idle && bench.matcher.nextDeadline == nil)
  }

  @Test func theEarlierStartsMatchSkipsIt() {
    var bench = bench(pattern)
    bench.send(event("b", 3, p))
    bench.finish()
    #expect(bench.told == ["3: 0 | 3"])
  }

  @Test func goesBehindTheEarlierStartsMatch() {
    var bench = bench("\(pattern), skip: toNext")
    bench.send(event("b", 3, p))
    #expect(bench.told == ["3: 0 | 3", "2: 1 | 2"])
  }

  @Test func skippingNothingWaitsForNobody() {
    #expect(bench("\(pattern), skip: none").told == ["2: 1 | 2"])
  }

  @Test func anAbsenceFiresAtItsDeadline() {
    let steps = "pattern: [{on: a, as: a}, {then: b, where: item == a.item}, {not: c, for: 3ms}]"
    var bench = bench("\(steps), within: 10ms, repeat: each, skip: pastLast")
    bench.pass(to: 5)
    #expect(bench.told == ["5: 1 | 2"])
  }

  @Test(arguments: ["without: x", "pattern: [{on: a, as: a}, {not: x}, {then: b, where: item == a.item}]"])
  func whatEndsTheEarlierStartSetsItFree(_ rule: String) {
    let rest = rule.hasPrefix("without") ? "\(pattern), \(rule)" : "\(rule), within: 10ms"
    var bench = bench(rest)
    bench.send(event("x", 4))
    #expect(bench.told == ["2: 1 | 2"])
  }

  /// Late, it falls behind 0 and before 1; and behind 1, where it breaks both.
  @Test(arguments: [(0, ["2: 1 | 2"]), (1, [])] as [(Int64, [String])])
  func aLateEventSetsItFreeOrEndsIt(_ at: Int64, _ told: [String]) {
    var bench = bench("pattern: [{on: a, as: a}, {not: x}, {then: b, where: item == a.item}], within: 10ms")
    bench.pass(to: 3)
    let late = event("x", at)
    bench.matcher.cancel(
      with: late, at: Instant(milliseconds: 3), profile: { _ in [] }, rules: bench.rules, retracting: &bench.retracted)
    #expect(bench.told.isEmpty)
    bench.pass(to: 3)
    #expect(bench.told == told && bench.retracted.isEmpty)
  }

  @Test func anErasedUserIsInNobodysWay() {
    let told = { (erases: Bool) in
      var bench = Bench(ruleSet("{rule: r, key: shop, to: user, \(self.pattern), emit: {by: a.user}}"))
      let shop: [String: Value] = ["shop": .string("s")]
      bench.send(event("a", 0, user: "u1", shop.merging(p) { a, _ in a }))
      bench.send(event("a", 1, user: "u2", shop.merging(q) { a, _ in a }))
      bench.send(event("b", 2, user: "u2", shop.merging(q) { a, _ in a }))
      if erases { bench.matcher.erase(user: "u1", at: Instant(milliseconds: 2)) }
      bench.pass(to: 2)
      return bench.told
    }
    #expect(told(false).isEmpty && told(true) == ["2: 1 | 2"])
  }

  /// Also one that is free, and whose turn has not come yet.
  @Test(arguments: [false, true]) func checkpointsKeepIt(isFree: Bool) throws {
    var bench = bench("pattern: [{on: a, as: a}, {not: x}, {then: b, where: item == a.item}], within: 10ms")
    if isFree {
      bench.matcher.cancel(
        with: event("x", 0), at: Instant(milliseconds: 3), profile: { _ in [] }, rules: bench.rules,
        retracting: &bench.retracted)
    }
    let bytes = bench.matcher.encoded()
    bench.matcher = try Matcher(decoding: bytes)
    #expect(bench.matcher.encoded() == bytes)
    bench.pass(to: isFree ? 3 : 10)
    #expect(bench.told == ["2: 1 | 2"])
  }

  /// By 22 time has passed the end of the attempt of 0, which nothing has looked at since; that of 2 is open.
  @Test func whatIsOverGivesNoTimer() {
    let steps = "pattern: [{on: b, times: 3..4, optional: true}, {then: a, as: v}]"
    var bench = Bench(ruleSet("{rule: r, \(steps), within: 11ms, skip: toFirst(v)}"))
    bench.send(event("b", 10, user: "u2"), event("b", 11), event("b", 19, user: "u2"), event("a", 20))
    bench.send(event("a", 22, user: "u2"))
    bench.pass(to: 29)
    #expect(bench.told == ["20: 3"])
    bench.pass(to: 30)
    #expect(bench.told == ["20: 3", "22: 4"])
  }

  @Test func aGapEndsTheEarlierStartToo() {
    var bench = bench("pattern: [{on: a, as: a}, {then: b, where: item == a.item, gap: 10ms}], within: none")
    #expect(bench.told.isEmpty)
    bench.pass(to: 10)
    #expect(bench.told == ["2: 1 | 2"])
  }

  /// Nothing bounds how long such attempts wait for an event; they cannot pile up.
  @Test func theEndOfTimeEndsWhatHasNoOtherEnd() {
    let steps = "pattern: [{on: any, as: a, times: 1..9, consecutive: true}, {next: b, where: item == first(a.item)}]"
    var bench = bench("\(steps), within: none")
    #expect(bench.told.isEmpty && bench.matcher.openAttempts > 0)
    bench.finish()
    #expect(bench.told == ["2: 1 | 2"] && bench.matcher.openAttempts == 0)
  }

  @Test func theyCountAsAttempts() {
    let pattern = "pattern: [{on: a, as: a}, {thenAny: b, where: item == a.item}], within: 10ms"
    var bench = Bench(ruleSet("{rule: r, \(pattern)}"))
    bench.matcher = Matcher(limits: Matcher.Limits(attempts: 4, retraction: .zero))
    bench.send(event("a", 0, p), event("a", 1, q))
    for at in 2...5 as ClosedRange<Int64> { bench.send(event("b", at, q)) }
    #expect(bench.matcher.openAttempts == 4 && bench.matcher.refusedAttempts == 2)
    bench.finish()
    #expect(bench.told == ["2: 1 | 2"])
  }
}
