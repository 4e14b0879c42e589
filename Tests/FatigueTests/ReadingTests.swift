import AttuneModel
import Fatigue
import Testing

@Suite struct Reading {
  /// `{ key: value, ... }` with each value on a line of its own, counted from 1.
  private func mapping(_ entries: KeyValuePairs<String, Node.Content>) -> Node {
    let entries = entries.enumerated().map { line, entry in
      let mark = Mark(file: "attune.yaml", line: line + 1, column: 1)
      return Node.Entry(key: entry.key, keyMark: mark, value: Node(entry.value, mark: mark))
    }
    return Node(.mapping(entries), mark: Mark(file: "attune.yaml", line: 1, column: 1))
  }

  private func text(_ text: String) -> Node.Content { .scalar(text, quoted: false) }

  private func policy(_ entries: KeyValuePairs<String, Node.Content>) -> (FatiguePolicy?, [String]) {
    var diagnostics = Diagnostics()
    let policy = FatiguePolicy(
      reading: mapping(entries), zone: { $0 == "Asia/Shanghai" ? .shanghai : nil }, &diagnostics)
    return (policy, diagnostics.all.map(\.description))
  }

  private func business(_ entries: KeyValuePairs<String, Node.Content>) -> (FatiguePolicy.BusinessLimit?, [String]) {
    var diagnostics = Diagnostics()
    let limit = FatiguePolicy.BusinessLimit(reading: mapping(entries), scene: "feed", priority: 5, &diagnostics)
    return (limit, diagnostics.all.map(\.description))
  }

  @Test func aWholePolicy() {
    let user = mapping(["perDay": text("5"), "reserve": text("1"), "reservePriority": text("8")])
    let feed = mapping(["times": text("2"), "window": text("1d")])
    let (policy, errors) = policy([
      "zone": text("Asia/Shanghai"), "user": user.content, "scenes": mapping(["feed": feed.content]).content,
      "origin": text("-1772323200000"),
    ])
    #expect(errors == [])
    #expect(
      policy
        == FatiguePolicy(
          zone: .shanghai, user: .init(perDay: 5, reserve: 1, reservePriority: 8),
          scenes: ["feed": .init(times: 2, window: .days(1))], origin: Instant(milliseconds: -1_772_323_200_000)))
  }

  @Test func aBusiness() {
    let (limit, errors) = business([
      "days": text("7"), "times": text("0"), "minGap": text("0s"), "obeys": text("false"), "counts": text("false"),
    ])
    #expect(errors == [])
    #expect(limit == .of(days: 7, times: 0, obeys: false, counts: false))
    #expect(business(["days": text("1"), "times": text("3"), "minGap": text("4h")]).0?.obeys == true)
  }

  @Test(arguments: [
    ("days", "0", "attune.yaml:1:1: error: expected days, a whole number from 1 to 1000000, found 0"),
    ("times", "-1", "attune.yaml:2:1: error: expected times, a whole number from 0 to 1000000000, found -1"),
    ("minGap", "-4h", "attune.yaml:3:1: error: expected minGap, a duration, found -4h (hint: write 250ms, 30s,"),
    ("obeys", "perhaps", "attune.yaml:4:1: error: expected obeys, true or false, found perhaps"),
  ])
  func aWrongLimit(key: String, value: String, error: String) {
    func text(_ name: String, _ usual: String) -> Node.Content { self.text(key == name ? value : usual) }
    let (limit, errors) = business([
      "days": text("days", "1"), "times": text("times", "3"), "minGap": text("minGap", "4h"),
      "obeys": text("obeys", "true"),
    ])
    #expect(limit == nil && errors.count == 1 && errors.first?.hasPrefix(error) == true, "\(errors)")
  }

  @Test func whatIsMissing() {
    let (limit, errors) = business([:])
    #expect(limit == nil)
    #expect(errors.count == 3 && errors.allSatisfy { $0.contains("fatigue has no '") && $0.contains("hint:") })
    let (policy, others) = policy([:])
    #expect(policy == nil)
    #expect(others.count == 2 && others.allSatisfy { $0.contains("fatigue has no '") && $0.contains("hint:") })
  }

  @Test func whatIsWrongWithAPolicy() {
    let feed = mapping(["times": text("2"), "window": text("0d")])
    let (wrong, errors) = policy([
      "zone": text("Mars"), "user": mapping(["perDay": text("5"), "reserve": text("1")]).content,
      "scenes": mapping(["feed": feed.content]).content, "scene": text("feed"),
    ])
    #expect(wrong == nil)
    #expect(errors.count == 4)
    let expected = ["no zone 'Mars'", "without 'reservePriority'", "a window of no length", "did you mean 'scenes'?"]
    for error in expected { #expect(errors.contains { $0.contains(error) }, "\(error) in \(errors)") }
    #expect(policy(["zone": text("Asia/Shanghai"), "user": mapping(["perDay": text("0")]).content]).0 != nil)
  }
}
