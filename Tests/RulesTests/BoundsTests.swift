import AttuneModel
import Testing

@testable import Rules

/// What bounds a rule in time and in number, and what is told of rules that are odd.
@Suite struct BoundsTests {
  private static let free = [
    "[{on: a}]", "[{on: a, optional: true}]", "[{on: a}, {not: b, for: 1m}]", "[{on: a, times: 3, gap: 1m}]",
    "[{on: a}, {then: b, gap: 1m}, {thenAny: c, times: 2..4, gap: 1m}]", "[{on: a, times: 2+, gap: 1m}]",
    "[{on: a}, {then: b, gap: 1m}, {not: c, for: 1m}]",
  ]

  /// Patterns that load only with a `within`, or with `within: none`.
  private static let steady = [
    "[{on: a}, {next: b}]", "[{on: a, times: 3}]", "[{on: a, times: 2..5}]", "[{on: a}, {notNext: b}]",
    "[{on: a, times: 3, consecutive: true}, {next: b, times: 2, consecutive: true, same: x}]",
    "[{on: a, times: 2}, {not: b, for: 1m}]", "[{on: a}, {next: b}, {then: c, gap: 1m}]",
  ]

  /// Patterns that load only with a `within`, and the step to blame.
  private static let piling = [
    ("[{on: a}, {then: b}]", "b"), ("[{on: a, times: 2+}]", "a"), ("[{on: a, times: 2+, consecutive: true}]", "a"),
    ("[{on: a}, {next: b, times: 2}]", "b"), ("[{on: a}, {thenAny: b}]", "b"),
    ("[{on: a, times: 3, combinations: true}]", "a"), ("[{on: a, times: 3, distinct: x}]", "a"),
    ("[{on: a, times: 3, same: x}]", "a"), ("[{on: a}, {next: b}, {then: c}, {then: d, gap: 1m}]", "c"),
    ("[{on: a}, {then: b, gap: 1m}, {then: c, times: 2}]", "c"),
  ]

  private func rule(_ pattern: String, _ rest: String = "") -> (rule: Rule?, told: String) {
    read("{rule: r, pattern: \(pattern)\(rest)}")
  }

  @Test func whatBoundsItselfNeedsNoLimit() {
    for pattern in Self.free {
      for within in ["", ", within: none", ", within: 1h"] {
        let (rule, told) = rule(pattern, within)
        #expect(rule != nil, "\(pattern)\(within) \(told)")
      }
    }
  }

  @Test func whatCannotPileUpMaySayNone() {
    for pattern in Self.steady {
      let told = rule(pattern).told
      #expect(told.contains("1:20: error: this pattern has no limit in time"), "\(pattern) \(told)")
      #expect(told.contains("'within: none'"), "\(pattern) \(told)")
      for within in ["none", "1h"] { #expect(rule(pattern, ", within: \(within)").rule != nil, "\(pattern)") }
    }
  }

  @Test func whatPilesUpNeedsALimit() {
    for (pattern, step) in Self.piling {
      let (none, missing) = (rule(pattern, ", within: none").told, rule(pattern).told)
      #expect(none.contains("1:\(20 + pattern.count + 10): error: without a limit in time"), "\(pattern) \(none)")
      #expect(missing.contains("1:20: error: this pattern has no limit in time"), "\(pattern) \(missing)")
      for told in [none, missing] { #expect(told.contains("within: 2h, or a 'gap' in the step '\(step)'"), "\(told)") }
      #expect(rule(pattern, ", within: 1h").rule != nil, "\(pattern)")
    }
    for within in ["", ", within: none"] {
      #expect(rule("[{on: a}, {not: b}]", within).told.contains("this absence has no end"))
    }
  }

  @Test func attemptsLiveNoLongerThanTheirBounds() {
    let forever = TimeSpan(milliseconds: .max)
    let lives: [(String, String, TimeSpan)] = [
      ("[{on: a}]", "", .zero),
      ("[{on: a}, {not: b, for: 30m}]", "", .minutes(30)),
      ("[{on: a}, {not: b}]", "2h", .hours(2)),
      ("[{on: a}, {then: b}]", "2h", .hours(2)),
      ("[{on: a}, {then: b}, {not: c, for: 30m}]", "2h", .minutes(150)),
      ("[{on: a, times: 3, gap: 1m}]", "", .minutes(2)),
      ("[{on: a}, {then: b, times: 2..4, gap: 1m}, {then: c, gap: 1h}, {not: d, for: 1h}]", "", .minutes(124)),
      ("[{on: a, times: 3, gap: 1m}]", "1h", .minutes(2)),
      ("[{on: a, times: 3, gap: 1m}]", "1m", .minutes(1)),
      ("[{on: a, times: 3+, gap: 1m}]", "", forever),
      ("[{on: a, times: 3+, gap: 1m}]", "1h", .hours(1)),
      ("[{on: a}, {next: b}]", "none", forever),
      ("[{on: a}, {next: b}, {not: c, for: 1m}]", "none", forever),
      ("[{on: a}, {notNext: b}]", "none", forever),
      ("[{on: a}, {notNext: b}]", "1h", .hours(1)),
      ("[{on: a, times: 1000, gap: 36500d}, {then: b, times: 1000, gap: 36500d}]", "", .days(1999 * 36500)),
    ]
    for (pattern, within, life) in lives {
      let (rule, told) = rule(pattern, within.isEmpty ? "" : ", within: \(within)")
      #expect(rule?.pattern.lifetime == life, "\(pattern) \(told)")
      #expect(rule?.cost().lifetime == (life == forever ? nil : life), "\(pattern)")
    }
  }

  @Test func whatHardlyAnybodyMeansIsWarnedOf() {
    let oddities: [(text: String, place: String, words: String)] = [
      (
        "{rule: r, pattern: [{on: a, optional: true}, {then: b, optional: true}], within: 1h, skip: none}", "1:20",
        "every step is optional"
      ),
      ("{rule: r, pattern: [{on: a}, {then: b, gap: 2h}], within: 1h}", "1:30", "'gap' changes nothing in 'b'"),
      (
        "{rule: r, pattern: [{on: a, times: 2, combinations: true, greedy: true}, {not: b, for: 1m}], within: 1h}",
        "1:21", "no step comes after"
      ),
      ("{rule: r, pattern: [{on: a}, {then: b, times: 2, greedy: true}], within: 1h}", "1:30", "no step comes after"),
      ("{rule: r, pattern: [{on: a}, {then: b, optional: true}], within: 1h}", "1:30", "the match without 'b'"),
      ("{rule: r, pattern: [{on: a, times: 2..3}], within: 1h}", "1:21", "the match with 2 of 'a'"),
      ("{rule: r, pattern: [{on: a}, {thenAny: b}], within: 1h}", "1:30", "as good as 'then'"),
      (
        "{rule: r, pattern: [{on: a, optional: true, as: v}, {then: b}], within: 1h, skip: toLast(v)}", "1:83",
        "nothing to skip to"
      ),
      ("{rule: r, pattern: [{on: a}, {then: b}], without: [b, c], within: 1h}", "1:51", "can never match"),
      ("{rule: r, pattern: [{on: a}, {not: [b, c]}, {then: b}], within: 1h}", "1:45", "can never match"),
      ("{rule: r, pattern: [{on: a}, {notNext: b}, {next: b}], within: 1h}", "1:44", "can never match"),
      ("{rule: r, pattern: [{on: a, times: 2+, gap: 1m}, {then: b, gap: 1m}]}", "1:21", "go on for ever"),
      ("{rule: r, pattern: [{on: a}, {thenAny: b}, {then: c}], within: 1h}", "1:30", "the power 2"),
      ("{rule: r, pattern: [{on: a, times: 1+, combinations: true}, {then: b}], within: 1h}", "1:21", "exponentially"),
      ("{rule: r, pattern: [{on: a}, {notNext: b}, {not: [b, c]}, {then: d}], within: 1h}", "1:30", "changes nothing"),
      ("{rule: r, pattern: [{on: a}, {then: b}], within: 1m, repeat: restart}", "1:62", "nothing waits"),
    ]
    for (text, place, words) in oddities {
      let (rule, told) = read(text)
      #expect(rule != nil && told.hasPrefix("rule.yaml:\(place): warning:"), "\(text)\n\(told)")
      #expect(told.contains(words), "\(text)\n\(told)")
      if !text.contains("combinations: true, greedy") { #expect(told.split(separator: "\n").count == 1, "\(told)") }
    }
  }

  @Test func whatIsMeantIsNotWarnedOf() {
    let patterns = [
      "[{on: a}, {then: b, optional: true}], skip: none", "[{on: a, times: 2..3}], skip: none",
      "[{on: a, times: 2..3, as: v}], having: sum(v.x) > 3", "[{on: a, times: 2+}, {not: b, for: 1m}]",
      "[{on: a}, {not: b, where: x > 1}, {then: b}]", "[{on: a}, {notNext: b}, {then: b}]",
      "[{on: a}, {not: b}, {then: b, optional: true}, {then: c}]", "[{on: [a, b]}], without: b",
      "[{on: a, times: 2, combinations: true}]", "[{on: a}, {thenAny: b}], skip: none",
      "[{on: a}, {notNext: b}, {not: b, where: x > 1}, {then: c}]",
    ]
    for pattern in patterns {
      let (rule, told) = read("{rule: r, within: 1h, pattern: \(pattern)}")
      #expect(rule != nil && told.isEmpty, "\(pattern) \(told)")
    }
  }
}
