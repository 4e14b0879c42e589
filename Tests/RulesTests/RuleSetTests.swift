import AttuneModel
import Testing

@testable import Rules

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
