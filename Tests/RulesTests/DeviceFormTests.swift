import AttuneModel
import Testing

@testable import Rules

@Suite struct DeviceFormTests {
  private let text = """
    {rule: hesitating-buyer, key: [user, item], within: 2h, emit: {item: v.item, views: count(v)}, pattern: [
      {on: view, as: v, where: price >= 50, times: 3}, {not: buy, for: 30m}]}
    """

  /// Random rules and streams, late events and retractions among them.
  @Test func matchesWhatTheOriginalMatches() throws {
    var (compared, found, refused) = (0, 0, 0)
    for seed in 0..<300 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let sketch = Sketch.random(&generator)
      let story = Story.random(inOrder: generator.chance(50), &generator)
      guard let rules = RuleSet.reading(sketch.text) else { continue }
      guard rules.rules.allSatisfy({ !$0.isCrossUser && $0.addressee == "user" }) else {
        refused += 1
        #expect(throws: Diagnostics.self, "seed \(seed)") { try rules.deviceForm() }
        continue
      }
      let loaded = try RuleSet(device: rules.deviceForm())
      let told = Replay.told(loaded, story)
      #expect(told == Replay.told(rules, story), "seed \(seed): \(sketch.text)")
      compared += 1
      found += told.count
    }
    #expect(compared > 100 && found > 50 && refused > 25, "\(compared) \(found) \(refused)")
  }

  @Test func keepsNamesVersionsAndTheZoneOfDays() throws {
    let shanghai = Zone(name: "Asia/Shanghai", initialOffset: 28_800)
    let rules = ruleSet(
      "{rule: a, mode: shadow, pattern: [{on: view}]}",
      "{rule: b, within: 3d, pattern: [{on: view, as: v}, {then: view, where: day(ts) > day(v.ts)}]}", zone: shanghai)
    let loaded = try RuleSet(device: rules.deviceForm())
    #expect(loaded.rules.map(\.name) == ["a", "b"] && loaded.rules.map(\.version) == [1, 1])
    #expect(loaded.rules[0].mode == .shadow && loaded.rules[0].mark.line == 1)
    #expect(loaded.rules.map(\.origin.zone) == [.utc, shanghai])
    // In Shanghai these are two days.
    for rules in [rules, loaded] {
      var stream = RuleStream(rules: rules)
      var outputs: [RuleStream.Output] = []
      for hour in [15, 17] as [Int64] { stream.send(event("view", hour * 3_600_000), into: &outputs) }
      stream.finish(into: &outputs)
      let told = outputs.compactMap { if case .match(let match) = $0 { match.rule } else { nil } }
      #expect(told.sorted() == ["a", "a", "b"])
    }
  }

  @Test func isCompact() throws {
    let bytes = try ruleSet(text).deviceForm()
    #expect(bytes.count < 400, "\(bytes.count)")
    #expect(try RuleSet(device: RuleSet(device: bytes).deviceForm()).deviceForm() == bytes)
  }

  /// What apps carry stays readable: a change of the bytes needs a new format.
  @Test func theFirstFormatStays() throws {
    let bytes = try ruleSet("{rule: r, pattern: [{on: view}]}").deviceForm()
    #expect(bytes == Self.first, "\(bytes)")
    #expect(try RuleSet(device: Self.first).rules.map(\.name) == ["r"])
  }

  private static let first: [UInt8] = [
    65, 84, 82, 76, 241, 1, 90, 118, 199, 155, 35, 63, 162, 192, 1, 1, 3, 85, 84, 67, 0, 0, 1, 0, 2, 0, 4, 2, 4, 114,
    117, 108, 101, 0, 2, 0, 0, 2, 0, 1, 1, 114, 7, 112, 97, 116, 116, 101, 114, 110, 0, 2, 0, 0, 2, 0, 3, 1, 0, 2, 0, 4,
    1, 2, 111, 110, 0, 2, 0, 0, 2, 0, 1, 4, 118, 105, 101, 119, 0, 2, 0, 0,
  ]

  @Test func damagedBytesAreRefused() throws {
    let bytes = try ruleSet(text).deviceForm()
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1 << UInt8(index % 8)
      let code = #expect(throws: DeviceFormError.self, "byte \(index)") { try RuleSet(device: changed) }?.code
      #expect(code == (index < 5 ? .foreign : index == 5 ? .newer : .damaged))
    }
    for count in bytes.indices {
      #expect(throws: DeviceFormError.self) { try RuleSet(device: Array(bytes.prefix(count))) }
    }
    #expect(throws: DeviceFormError.self) { try RuleSet(device: bytes + [0]) }
    #expect(throws: DeviceFormError.self) { try RuleSet(device: []) }
  }

  @Test func rulesForOthersAreRefusedWithTheirPlace() throws {
    let rules = ruleSet(
      "{rule: spread,\n key: image, to: sender, within: 5m, pattern: [{on: send, times: 2}]}",
      "{rule: ask, to: seller, within: 5m, pattern: [{on: chat, times: 2}]}")
    let refusal = #expect(throws: Diagnostics.self) { try rules.deviceForm() }
    let told = refusal?.all.map(\.description) ?? []
    #expect(
      told == [
        "rule.yaml:2:7: error: 'spread' looks across users (its key lacks 'user'), and a device sees only its own "
          + "user's events (hint: leave it to the server)",
        "rule.yaml:1:17: error: 'ask' is for the 'seller', and a device reaches only its own user "
          + "(hint: leave it to the server)",
      ])
  }
}
