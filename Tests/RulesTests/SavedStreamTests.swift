import AttuneModel
import Testing

@testable import Rules

@Suite struct SavedStreamTests {
  private let cart = "{rule: r, pattern: [{on: cart}, {not: buy, for: 30m}]}"

  /// Random rules and streams, late events and retractions among them.
  @Test func goesOnAsIfItHadNeverStopped() throws {
    var (compared, found) = (0, 0)
    for seed in 0..<300 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let sketch = Sketch.random(&generator)
      let story = Story.random(inOrder: generator.chance(50), &generator)
      guard let rules = RuleSet.reading(sketch.text) else { continue }
      var uninterrupted = RuleStream(rules: rules, lateness: story.lateness.map(TimeSpan.init(milliseconds:)))
      for (user, profile) in Story.profiles { uninterrupted.set(profile: profile, of: user) }
      var outputs: [RuleStream.Output] = []
      for action in story.actions {
        switch action {
        case .send(let event): uninterrupted.send(event, into: &outputs)
        case .advance(let instant): uninterrupted.advance(to: Instant(milliseconds: instant), into: &outputs)
        }
      }
      uninterrupted.finish(into: &outputs)
      let told = try Replay.toldWithSaves(rules, story, &generator)
      #expect(told == outputs.map(Told.init), "seed \(seed): \(sketch.text)")
      compared += 1
      found += outputs.count
    }
    #expect(compared > 150 && found > 50, "\(compared) \(found)")
  }

  private func stream(_ rules: RuleSet) -> RuleStream {
    var stream = RuleStream(rules: rules)
    var outputs: [RuleStream.Output] = []
    stream.set(profile: [Property("city", .string("x"))], of: "u1")
    stream.send(event("cart", 1000, id: "e1"), into: &outputs)
    stream.send(event("cart", 9000, user: "u2"), into: &outputs)
    return stream
  }

  private func matches(_ stream: RuleStream) -> Int {
    var stream = stream
    var outputs: [RuleStream.Output] = []
    stream.finish(into: &outputs)
    return outputs.count
  }

  /// The event that waits is nobody's yet: the rules of then decide.
  @Test func attemptsOfOtherRulesAreDropped() throws {
    let bytes = stream(ruleSet(cart)).encoded()
    #expect(matches(try RuleStream(decoding: bytes, rules: ruleSet("\n" + cart))) == 2)
    let changed = ruleSet("{rule: r, pattern: [{on: cart}, {not: buy, for: 31m}]}")
    #expect(matches(try RuleStream(decoding: bytes, rules: changed)) == 1)
    #expect(matches(try RuleStream(decoding: bytes, rules: RuleSet())) == 0)
  }

  @Test func damagedBytesAreRefused() throws {
    let rules = ruleSet(cart)
    let bytes = stream(rules).encoded()
    for count in bytes.indices {
      #expect(throws: BinaryError.self) { try RuleStream(decoding: Array(bytes.prefix(count)), rules: rules) }
    }
    #expect(throws: BinaryError.self) { try RuleStream(decoding: bytes + [0], rules: rules) }
    let error = #expect(throws: BinaryError.self) { try RuleStream(decoding: [99] + bytes.dropFirst(), rules: rules) }
    #expect(error?.isOtherVersion == true)
  }
}
