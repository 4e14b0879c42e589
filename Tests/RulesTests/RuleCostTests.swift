import AttuneModel
import Testing

@testable import Rules

@Suite struct RuleCostTests {
  private func cost(_ pattern: String, _ rest: String = ", within: 1h", limits: Matcher.Limits = .standard) -> RuleCost?
  {
    let (rule, told) = read("{rule: r, pattern: \(pattern)\(rest)}")
    #expect(rule != nil, "\(pattern) \(told)")
    return rule?.cost(limits: limits)
  }

  private func figures(_ cost: RuleCost?) -> [Int?] {
    [cost?.startsPerEvent, cost?.waysPerAttempt, cost?.growth, cost?.openAttempts, cost?.keptEvents]
  }

  @Test func figuresFollowTheirFormulas() {
    let expected: [(String, String, [Int?])] = [
      ("[{on: a}]", "", [1, 1, 0, 0, 0]),
      ("[{on: a, times: 3}]", ", within: 1h", [1, 1, 0, 0, 2]),
      ("[{on: a, times: 3}, {not: b, for: 1m}]", ", within: 1h", [1, 1, 0, 1, 5]),
      ("[{on: a}, {not: b, for: 1m}]", "", [1, 1, 0, 1, 1]),
      ("[{on: a}, {not: b, for: 1m}]", ", repeat: each", [1, 1, 1, 64, 64]),
      ("[{on: a}, {then: b}]", ", within: 1h", [1, 1, 1, 64, 64]),
      ("[{on: a, times: 3}, {then: b}]", ", within: 1h", [1, 1, 1, 64, 194]),
      ("[{on: a}, {next: b}, {next: c}]", ", within: none", [1, 1, 0, 2, 4]),
      ("[{on: a, times: 2..4}]", ", within: none", [1, 1, 0, 3, 9]),
      ("[{on: a}, {notNext: b}]", ", within: none", [1, 1, 0, 1, 1]),
      ("[{on: a}, {thenAny: b}, {then: c}]", ", within: 1h", [1, 2, 2, 64, 128]),
      ("[{on: a, times: 3, combinations: true}]", ", within: 1h", [1, 2, 2, 64, 128]),
      ("[{on: a, times: 1+, combinations: true}]", ", within: 1h", [1, 2, nil, 64, nil]),
      ("[{on: a, times: 2+}]", ", within: 1h", [1, 1, 1, 64, nil]),
      ("[{on: a, optional: true}, {then: a}]", ", within: 1h", [2, 1, 1, 64, 64]),
      ("[{on: a, optional: true}, {then: b}]", ", within: 1h", [1, 1, 1, 64, 64]),
      ("[{on: a}, {then: b, optional: true}, {then: b}]", ", within: 1h", [1, 2, 1, 64, 128]),
    ]
    for (pattern, rest, figures) in expected {
      let found = self.figures(cost(pattern, rest))
      #expect(found == figures, "\(pattern): \(found)")
    }
  }

  @Test func bytesAreThoseOfSlotAttemptsAndEvents() {
    #expect(cost("[{on: a}]", "")?.bytesPerKey == 64 + 24)
    #expect(cost("[{on: a}, {not: b, for: 1m}]", "")?.bytesPerKey == 64 + 24 + 24 + 32)
    #expect(cost("[{on: a, times: 3}]", ", within: 1h, key: [user, item]")?.bytesPerKey == 64 + 48 + 2 * 32)
    #expect(
      cost("[{on: a, as: v}, {then: b, where: x > v.x}]", ", within: 1h, emit: {x: v.y}")?.bytesPerKey
        == 64 + 24 + 64 * (24 + 32 + 48))
    #expect(cost("[{on: a, times: 2+}]")?.bytesPerKey == nil)
    #expect(cost("[{on: a, times: 2, distinct: x}]")?.bytesPerKey == 64 + 24 + 64 * (24 + 32 + 24))
    // The property of an addressee is kept too.
    #expect(
      cost("[{on: a}, {not: b, for: 1m}]", ", key: item, to: sender")?.bytesPerKey == 64 + 24 + 24 + 32 + 24)
  }

  @Test func testsCountWhatAnEventMeets() {
    #expect(cost("[{on: a}]", "")?.testsPerEvent == 1)
    #expect(cost("[{on: a}, {then: b}]", ", within: 1h, without: c")?.testsPerEvent == 2 + 64)
    #expect(
      cost(
        "[{on: a, times: 2..3, until: x > 1, same: y}, {not: c}, {then: b, optional: true}, {notNext: d}, {then: e}]")?
        .testsPerEvent == 1 + 64 * (3 + 2 + 2))
  }

  @Test func limitsBoundWhatNothingElseDoes() {
    let pattern = "[{on: a}, {then: b}]"
    #expect(cost(pattern, limits: Matcher.Limits(attempts: 8))?.openAttempts == 8)
    #expect(cost(pattern, limits: Matcher.Limits(attempts: 0))?.openAttempts == 0)
    let unlimited = cost(pattern, limits: Matcher.Limits(attempts: .max))
    #expect(unlimited != nil && unlimited?.openAttempts == nil && unlimited?.keptEvents == nil)
    #expect(unlimited?.bytesPerKey == nil && unlimited?.testsPerEvent == nil && unlimited?.growth == 1)
    // Saturating: figures beyond any machine do not trap.
    let huge = cost(
      "[{on: a, times: 1000}, {then: b, times: 1000, combinations: true}]",
      limits: Matcher.Limits(attempts: .max - 1))
    #expect(huge?.bytesPerKey == .max && huge?.growth == 999)
  }
}
