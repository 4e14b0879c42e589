import Model
import Testing

@testable import Rules

/// Random patterns on random small streams: the matcher against the reference.
@Suite struct PropertyTests {
  @Test(arguments: 0..<8) func matcherAgreesWithTheReference(_ part: UInt64) throws {
    var compared = 0
    var found = 0
    for number in 0..<500 {
      let seed = part * 100_000 + UInt64(number)
      var generator = SeededGenerator(seed: seed)
      let sketch = sketch(&generator)
      let events = stream(&generator)
      guard let told = try run(sketch, events, &generator, seed) else { continue }
      let expected = expected(sketch, events)
      #expect(told == expected, "seed \(seed): \(sketch.text)\n\(events.map(show).joined(separator: "\n"))")
      if told != expected { return }
      compared += 1
      found += told.values.reduce(0) { $0 + $1.count }
    }
    // Trials that say nothing would also agree.
    #expect(compared > 480 && found > 100, "part \(part): \(compared) compared, \(found) matches")
  }

  /// For absences longer than the stream, a late event does what it would have done in time.
  @Test func aLateEventCancelsAsOneInTime() throws {
    var differing = 0
    for seed in 0..<1500 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed &* 7919)
      var sketch = sketch(&generator)
      sketch.absence = 1_000_000
      sketch.restart = false
      sketch.skip = "none"
      sketch.having = nil
      for index in sketch.steps.indices { sketch.steps[index].forbidden = Bool.random(using: &generator) ? ["x"] : [] }
      sketch.steps[sketch.steps.count - 1].forbidden = ["x"]
      sketch.without = Int.random(in: 0..<4, using: &generator) == 0 ? "y" : nil
      let events = stream(&generator)
      // At equal instants arrival decides, and it arrives later.
      let cancelling = events.indices.filter { index in
        ["x", "y"].contains(events[index].name) && events.count { $0.at == events[index].at } == 1
      }
      guard let late = cancelling.randomElement(using: &generator) else { continue }
      let arrives = Int.random(in: late..<events.count, using: &generator)

      let rules = ruleSet(sketch.text)
      var inTime = Bench(rules)
      var tooLate = Bench(rules)
      for (index, event) in events.enumerated() {
        inTime.send(event)
        if index == late { tooLate.sequence += 1 } else { tooLate.send(event) }
        if index == arrives { tooLate.late(events[late]) }
      }
      inTime.finish()
      tooLate.finish()
      guard inTime.matcher.refusedAttempts == 0, tooLate.matcher.refusedAttempts == 0 else { continue }
      #expect(Set(inTime.told) == Set(tooLate.told), "seed \(seed): \(sketch.text), late \(late)")
      differing += inTime.told.isEmpty ? 0 : 1
    }
    #expect(differing > 50)
  }

  // MARK: Running

  private typealias Key = [Value]

  /// By key, the answers in the order they came. Nil when attempts had to be refused.
  private func run(
    _ sketch: Sketch, _ events: [Event], _ generator: inout SeededGenerator, _ seed: UInt64
  ) throws -> [Key: [Reference.Answer]]? {
    let rules = ruleSet(sketch.text)
    var matcher = Bench.idle
    var matches: [Match] = []
    var clock = Int64.min
    let isLazy = Bool.random(using: &generator)
    for (index, event) in events.enumerated() {
      if Int.random(in: 0..<3, using: &generator) == 0 {
        let again = try Matcher(decoding: matcher.encoded())
        #expect(again == matcher && again.encoded() == matcher.encoded(), "seed \(seed)")
        // A deadline that was cancelled may still ring.
        #expect(matcher.nextDeadline ?? .distantFuture <= again.nextDeadline ?? .distantFuture, "seed \(seed)")
        matcher = again
      }
      if let due = matcher.nextDeadline, due <= event.at, !isLazy {
        let before = matches.count
        matcher.fire(through: event.at, profile: { _ in [] }, rules: rules, into: &matches)
        // Nothing is told before its time, nor after the clock has passed it.
        let onTime = matches[before...].allSatisfy { clock < $0.at.milliseconds && $0.at <= event.at }
        #expect(onTime, "seed \(seed): \(sketch.text)")
      }
      matcher.handle(event, sequence: UInt64(index), profile: [], rules: rules, into: &matches)
      clock = event.at.milliseconds
    }
    matcher.fire(through: .distantFuture, profile: { _ in [] }, rules: rules, into: &matches)
    guard matcher.refusedAttempts == 0 else { return nil }
    #expect(matcher == Bench.idle && matcher.encoded() == Bench.idle.encoded(), "seed \(seed): \(sketch.text)")
    #expect(matcher.nextDeadline == nil && matcher.openAttempts == 0, "seed \(seed)")
    for match in matches { checkEmission(match, events, seed) }
    return Dictionary(grouping: matches, by: \.key).mapValues { matches in
      matches.map { match in
        Reference.Answer(
          at: match.at.milliseconds, events: match.events.map { $0.events.map { Int($0.sequence) } })
      }
    }
  }

  private func checkEmission(_ match: Match, _ events: [Event], _ seed: UInt64) {
    let first = match.events[0].events.map { events[Int($0.sequence)] }
    let prices = first.compactMap { $0.properties["price"] }.reduce(0.0) { sum, price in
      if case .number(let number) = price { sum + number } else { sum }
    }
    #expect(match.emit["n"] == .number(Double(first.count)), "seed \(seed)")
    #expect(match.emit["sum"] == .number(prices), "seed \(seed)")
    let last = match.events.last?.events.last.map { events[Int($0.sequence)] }
    #expect(match.emit["last"] == last?.properties["item"], "seed \(seed)")
  }

  private func expected(_ sketch: Sketch, _ events: [Event]) -> [Key: [Reference.Answer]] {
    func key(of event: Event) -> Key {
      [.string(event.user)] + (sketch.keyHasItem ? [event.properties["item"]].compactMap { $0 } : [])
    }
    var byKey: [Key: [Int]] = [:]
    for index in events.indices { byKey[key(of: events[index]), default: []].append(index) }
    return byKey.compactMapValues { indices in
      let answers = Reference(sketch: sketch, events: indices.map { events[$0] }).answers().map { answer in
        Reference.Answer(at: answer.at, events: answer.events.map { $0.map { indices[$0] } })
      }
      return answers.isEmpty ? nil : answers
    }
  }

  private func show(_ event: Event) -> String {
    "\(event.at.milliseconds) \(event.user) \(event.name) \(event.properties.map { "\($0.value)" })"
  }

  // MARK: Inventing

  private func sketch(_ generator: inout SeededGenerator) -> Sketch {
    func chance(_ share: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < share }
    let types = ["a", "b", "c"]
    let count = Int.random(in: 1...3, using: &generator)
    var steps: [Sketch.Step] = []
    for index in 0..<count {
      let type = types.randomElement(using: &generator) ?? "a"
      let low = Int.random(in: 1...3, using: &generator)
      let (times, text): (ClosedRange<Int>, String) =
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: (low...low, "\(low)")
        case 1: (low...low + 1, "\(low)..\(low + 1)")
        case 2 where index < 2: (low...1000, "\(low)+")
        default: (1...1, "1")
        }
      var step = Sketch.Step(type: type, times: times, timesText: text)
      if chance(30) { step.floor = Double(Int.random(in: 1...3, using: &generator)) }
      if index > 0, chance(25) { step.sameItemAsFirst = true }
      if index < count - 1, chance(25) { step.forbidden = [["a", "b", "x"].randomElement(using: &generator) ?? "x"] }
      steps.append(step)
    }
    let endsInAbsence = chance(60)
    if endsInAbsence {
      steps[count - 1].forbidden =
        chance(20) ? ["x", "y"] : [["a", "c", "x", "x"].randomElement(using: &generator) ?? "x"]
    }
    let skips = ["none", "pastLast", "toNext", "toLast(s0)"] + (count > 1 ? ["toFirst(s1)"] : [])
    return Sketch(
      steps: steps, within: Int64(Int.random(in: 2...30, using: &generator)),
      absence: endsInAbsence ? (chance(50) ? 0 : Int64(Int.random(in: 1...20, using: &generator))) : nil,
      restart: endsInAbsence && chance(50), skip: skips.randomElement(using: &generator) ?? "none",
      without: chance(15) ? ["x", "c"].randomElement(using: &generator) : nil,
      having: chance(15) ? Double(Int.random(in: 1...6, using: &generator)) : nil, keyHasItem: chance(30))
  }

  private func stream(_ generator: inout SeededGenerator) -> [Event] {
    var at: Int64 = 0
    return (0..<Int.random(in: 3...16, using: &generator)).map { _ in
      at += Int64([0, 1, 1, 2, 3, 8].randomElement(using: &generator) ?? 1)
      return event(
        ["a", "a", "b", "b", "c", "x", "y"].randomElement(using: &generator) ?? "a", at,
        user: Int.random(in: 0..<4, using: &generator) == 0 ? "u2" : "u1",
        [
          "item": .string(["p", "q"].randomElement(using: &generator) ?? "p"),
          "price": .number(Double(Int.random(in: 0...4, using: &generator))),
        ])
    }
  }
}
