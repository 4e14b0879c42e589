import AttuneModel
import Testing

@testable import Rules

/// Whatever comes, the matcher neither traps nor grows beyond its limits.
@Suite struct MatcherFuzzTests {
  // MARK: Checkpoints

  /// A damaged checkpoint is refused, or it is one that can be gone on with.
  @Test func damagedCheckpointsDoNoHarm() throws {
    var read = 0
    for seed in 0..<250 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let sketch = Sketch.random(&generator)
      guard let rules = RuleSet.reading(sketch.text) else { continue }
      var matcher = Matcher()
      var matches: [Match] = []
      for number in 0..<UInt64(generator.number(1...12)) {
        let event = odd(Int64(number), &generator)
        matcher.handle(OrderBuffer.Waiting(event, sequence: number), profile: { _ in [] }, rules: rules, into: &matches)
      }
      let bytes = matcher.encoded()
      for _ in 0..<12 {
        guard var found = try? Matcher(decoding: damaged(bytes, &generator)) else { continue }
        read += 1
        use(&found, rules, &generator)
      }
    }
    #expect(read > 300, "\(read) could be read")
  }

  private func damaged(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<generator.number(1...3) where !bytes.isEmpty {
      let place = generator.number(0...bytes.count - 1)
      switch generator.number(0...5) {
      case 0: bytes[place] ^= 1 << UInt8(generator.number(0...7))
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 2: bytes[place] = generator.pick(0, 1, 2, 0x7F, 0x80, 0xFF)
      case 3: bytes.remove(at: place)
      case 4: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
      // The largest varint.
      default: bytes.replaceSubrange(place...place, with: Array(repeating: 0xFF, count: 9) + [1])
      }
    }
    return bytes
  }

  /// Everything that can be done with one.
  private func use(_ matcher: inout Matcher, _ rules: RuleSet, _ generator: inout SeededGenerator) {
    var matches: [Match] = []
    for number in 0..<6 as Range<UInt64> {
      let event = odd(Int64(generator.number(-5...30)), &generator)
      if generator.chance(30) {
        matcher.cancel(with: event, at: event.at, profile: { _ in [] }, rules: rules, retracting: &matches)
      } else {
        matcher.handle(
          OrderBuffer.Waiting(event, sequence: 100 + number), profile: { _ in [] }, rules: rules, into: &matches)
      }
      if generator.chance(30) { matcher.fire(through: event.at, profile: { _ in [] }, rules: rules, into: &matches) }
    }
    _ = (matcher.openAttempts, matcher.stateBytes, matcher.keyCount, matcher.nextDeadline, matcher.latestDeadline)
    let bytes = matcher.encoded()
    #expect((try? Matcher(decoding: bytes))?.encoded() == bytes)
    matcher.erase(user: "u1", at: .distantPast)
    matcher.fire(through: .distantFuture, profile: { _ in [] }, rules: rules, into: &matches)
    matcher.adopt(RuleSet())
    #expect(matcher.openAttempts == 0)
  }

  // MARK: Events

  /// One in which anything may be strange.
  private func odd(_ at: Int64, _ generator: inout SeededGenerator) -> Event {
    func value(_ generator: inout SeededGenerator) -> Value {
      generator.pick(
        .string("p"), .string("p"), .string("q"), .string(""), .number(1), .number(-0.0), .number(.nan),
        .number(.infinity), .number(.greatestFiniteMagnitude), .bool(true), .list([]), .list([.number(.nan)]))
    }
    let at = generator.chance(6) ? generator.pick(.min, .min + 1, .max - 1, .max, 0) : at
    return Event(
      id: generator.pick(nil, "", "e"), user: generator.pick("u1", "u1", "u2", ""),
      name: generator.pick("a", "a", "b", "c", "x", "y", ""), at: Instant(milliseconds: at),
      properties: ["item", "price", "seller", "item"].compactMap { name in
        generator.chance(75) ? Property(name, value(&generator)) : nil
      })
  }

  /// Streams of strange events at strange instants, through all that `RuleStream` does.
  @Test func strangeStreamsDoNoHarm() {
    for seed in 0..<400 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let sketch = Sketch.random(&generator)
      guard let rules = RuleSet.reading(sketch.text) else { continue }
      let limits = Matcher.Limits(
        attempts: generator.pick(0, 1, 2, 64),
        retraction: TimeSpan(milliseconds: generator.pick(0, 5, .max, 3_600_000)))
      var stream = RuleStream(
        rules: rules, limits: limits, lateness: generator.pick(nil, .zero, TimeSpan(milliseconds: .max)))
      var outputs: [RuleStream.Output] = []
      for number in 0..<60 {
        stream.send(odd(Int64(number), &generator), into: &outputs)
        if generator.chance(20) { stream.advance(to: Instant(milliseconds: Int64(number)), into: &outputs) }
        if generator.chance(5) { stream.advance(clock: Instant(milliseconds: Int64(number)), into: &outputs) }
      }
      stream.finish(into: &outputs)
      stream.finish(into: &outputs)
    }
  }

  // MARK: Limits

  /// However many events come at one instant or in a row, a key holds no more than its share.
  @Test(arguments: [true, false]) func aKeyHoldsNoMoreThanItsShare(_ isOneInstant: Bool) {
    for seed in 0..<40 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let sketch = Sketch.random(&generator)
      guard let rules = RuleSet.reading(sketch.text) else { continue }
      let limit = generator.number(1...9)
      var stream = RuleStream(
        rules: rules, limits: Matcher.Limits(attempts: limit, retraction: .zero), lateness: .zero)
      var outputs: [RuleStream.Output] = []
      var bytes = 0
      for number in 0..<400 {
        stream.send(odd(isOneInstant ? 5 : Int64(number), &generator), into: &outputs)
        stream.advance(to: Instant(milliseconds: isOneInstant ? 5 : Int64(number)), into: &outputs)
        let keys = stream.matcher.keyCount
        // A sliding `times: n` counts as one more.
        #expect(stream.matcher.openAttempts <= keys * (limit + 1), "seed \(seed): \(sketch.text)")
        if number == 200 { bytes = stream.matcher.stateBytes }
      }
      // Pools double.
      #expect(stream.matcher.stateBytes <= 4 * bytes + 4096, "seed \(seed): \(sketch.text)")
    }
  }

  /// Keys that are over give their memory back while others come.
  @Test func whatIsOverGivesItsMemoryBack() {
    let rules = ruleSet(
      "{rule: a, key: [user, item], pattern: [{on: view, times: 3}, {not: buy, for: 9ms}], within: 50ms}",
      "{rule: b, pattern: [{on: view}, {then: buy}], within: 50ms}",
      "{rule: c, key: [item], to: user, pattern: [{on: view}, {then: view, optional: true}, {next: buy}], within: 50ms}"
    )
    var stream = RuleStream(
      rules: rules, limits: Matcher.Limits(retraction: TimeSpan(milliseconds: 20)), lateness: .zero)
    var outputs: [RuleStream.Output] = []
    var bytes = 0
    for number in 0..<12_000 as Range<Int64> {
      let name = number.isMultiple(of: 7) ? "buy" : "view"
      stream.send(event(name, number, user: "u\(number / 4)", ["item": .string("i\(number / 3)")]), into: &outputs)
      if number == 3000 { bytes = stream.matcher.stateBytes }
    }
    #expect(stream.matcher.stateBytes <= 2 * bytes)
    stream.finish(into: &outputs)
    #expect(stream.openAttemptsAtTheEnd == 0)
  }
}
