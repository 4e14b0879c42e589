import Model

extension SeededGenerator {
  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
  mutating func pick<T>(_ first: T, _ rest: T...) -> T { ([first] + rest).randomElement(using: &self) ?? first }
}

extension Sketch {
  static func random(_ generator: inout SeededGenerator) -> Sketch {
    let count = generator.number(1...3) + (generator.chance(15) ? 1 : 0)
    var sketch = Sketch(steps: (0..<count).map { Step.random($0, &generator) })
    sketch.key = generator.pick(["user"], ["user"], ["user", "item"], ["item", "user"], ["item"])
    if sketch.steps.allSatisfy(\.isOptional), generator.chance(70) {
      sketch.steps[generator.number(0...count - 1)].isOptional = false
    }
    for index in sketch.steps.indices.dropLast() {
      if generator.chance(22) { sketch.steps[index].nots.append(.random(index, &generator)) }
      if generator.chance(8) { sketch.steps[index].nextNots.append(.random(index, &generator)) }
    }
    sketch.end(&generator)
    sketch.within = sketch.isBoundedWithout && generator.chance(50) ? nil : Int64(generator.number(2...30))
    sketch.skip(&generator)
    if sketch.key == ["user"], generator.chance(12) {
      sketch.steps[generator.number(0...count - 1)].tests = [.profile]
    }
    if generator.chance(12) { sketch.without = generator.pick(["x"], ["c"], ["x", "y"]) }
    if generator.chance(15) {
      let step = generator.number(0...count - 1)
      sketch.having = generator.pick(
        .sum(step, Double(generator.number(1...6))), .count(step, generator.number(1...3)),
        .kinds(step, generator.number(1...2)))
    }
    if !sketch.key.contains("user") {
      sketch.to = generator.pick("user", "seller", "item")
    } else if generator.chance(10) {
      sketch.to = generator.pick("user", "seller")
    }
    return sketch
  }

  private mutating func end(_ generator: inout SeededGenerator) {
    guard generator.chance(55) else { return }
    restart = generator.chance(40)
    let ban = Ban.random(lastStep, &generator)
    if generator.chance(15) {
      end = .notNext
      steps[lastStep].nextNots = [ban]
      return
    }
    end = generator.chance(50) ? .silenceUntilWithin : .silence(Int64(generator.number(1...20)))
    steps[lastStep].nots = generator.chance(15) ? [ban, .random(lastStep, &generator)] : [ban]
    if generator.chance(10) { steps[lastStep].nextNots = [.random(lastStep, &generator)] }
  }

  /// Where attempts cannot pile up: each link has a gap, or takes the next event.
  private var isBoundedWithout: Bool {
    if case .silenceUntilWithin = end { return false }
    return steps.enumerated().allSatisfy { index, step in
      step.gap != nil || (index == 0 || step.follows == .strict) && (step.times == 1...1 || step.repeats == .strict && step.times.upperBound < .max)
    }
  }

  private mutating func skip(_ generator: inout SeededGenerator) {
    let step = generator.number(0...lastStep)
    skip = generator.pick(.none, .none, .pastLast, .pastLast, .toNext, .toFirst(step), .toLast(step))
  }
}

extension Sketch.Step {
  fileprivate static func random(_ index: Int, _ generator: inout SeededGenerator) -> Sketch.Step {
    var step = Sketch.Step(types: generator.pick(["a"], ["a"], ["b"], ["b"], ["c"], ["a", "b"], ["b", "c"]))
    if generator.chance(4) { step.types = [] }
    let low = generator.number(1...3)
    step.times = generator.pick(1...1, 1...1, 1...1, low...low, low...low + 1, low...(.max))
    if generator.chance(30) { step.tests = [.random(before: index, &generator)] }
    if generator.chance(5) { step.tests.append(.random(before: index, &generator)) }
    step.isOptional = generator.chance(18)
    if index > 0 { step.follows = generator.pick(.relaxed, .relaxed, .relaxed, .relaxed, .any, .strict) }
    if generator.chance(15), index > 0 || step.times != 1...1 { step.gap = Int64(generator.number(1...8)) }
    guard step.times != 1...1 else { return step }
    step.repeats = generator.pick(.relaxed, .relaxed, .relaxed, .any, .strict)
    switch generator.number(0...9) {
    case 0: step.same = generator.pick("item", "price")
    case 1: step.distinct = generator.pick("item", "price")
    default: break
    }
    step.isGreedy = generator.chance(15)
    if generator.chance(15) { step.until = [.random(before: 0, &generator)] }
    return step
  }
}

extension Sketch.Test {
  /// Over the event and the steps before `index`.
  fileprivate static func random(before index: Int, _ generator: inout SeededGenerator) -> Sketch.Test {
    if index > 0, generator.chance(60) {
      let step = generator.number(0...index - 1)
      return generator.pick(.sameItem(step), .sameItem(step), .average(step), .few(step))
    }
    return generator.pick(.floor(Double(generator.number(1...3))), .floor(2), .hasItem)
  }
}

extension Sketch.Ban {
  fileprivate static func random(_ step: Int, _ generator: inout SeededGenerator) -> Sketch.Ban {
    var ban = Sketch.Ban(types: generator.pick(["x"], ["x"], ["y"], ["a"], ["b"], ["c"], ["x", "y"]))
    if generator.chance(3) { ban.types = [] }
    if generator.chance(20) { ban.tests = [.random(before: step + 1, &generator)] }
    return ban
  }
}

/// Events, how they arrive, and what time does meanwhile.
struct Story {
  var actions: [Action] = []
  var lateness: Int64?
  var retraction: Int64 = 3_600_000

  /// All events before their time, and only the end of time at the end; or any mix.
  static func random(inOrder: Bool, _ generator: inout SeededGenerator) -> Story {
    var at = Int64(generator.number(-3...3))
    var arrivals: [(delay: Int, event: Event)] = (0..<generator.number(3...13)).map { number in
      at += Int64(generator.pick(0, 1, 1, 2, 3, 8))
      let isLate = !inOrder && generator.chance(25)
      return (number + (isLate ? generator.number(1...6) : 0), Event.random(at, &generator))
    }
    var story = Story()
    guard !inOrder else {
      story.actions = arrivals.map { .send($0.event) }
      story.name()
      return story
    }
    // Stable: those of equal delay in the order they were made.
    arrivals = arrivals.enumerated().sorted { ($0.element.delay, $0.offset) < ($1.element.delay, $1.offset) }
      .map(\.element)
    story.retraction = Int64(generator.pick(0, 3, 10, 3_600_000, 3_600_000, 3_600_000))
    if generator.chance(50) { story.lateness = Int64(generator.number(0...4)) }
    var latest = Int64.min
    for arrival in arrivals {
      story.actions.append(.send(arrival.event))
      latest = max(latest, arrival.event.at.milliseconds)
      if generator.chance(story.lateness == nil ? 50 : 15) {
        story.actions.append(.advance(latest + Int64(generator.number(-3...generator.pick(5, 5, 20)))))
      }
    }
    if generator.chance(50) { story.sendLate(after: latest, &generator) }
    story.name()
    return story
  }

  /// Much time, and then events of kinds that often are forbidden.
  private mutating func sendLate(after latest: Int64, _ generator: inout SeededGenerator) {
    let watermark = latest + Int64(generator.number(5...40))
    actions.append(.advance(watermark))
    for _ in 0..<3 {
      var late = Event.random(min(latest + Int64(generator.number(-12...25)), watermark), &generator)
      late.name = generator.pick("x", "y", late.name)
      actions.append(.send(late))
    }
  }

  /// Every event's id is the number of its arrival.
  mutating func name() {
    var number = 0
    for index in actions.indices {
      guard case .send(var event) = actions[index] else { continue }
      event.id = String(number)
      actions[index] = .send(event)
      number += 1
    }
  }

  var events: [Event] { actions.compactMap { if case .send(let event) = $0 { event } else { nil } } }

  /// One line per action.
  var text: String {
    var number = 0
    let lines = actions.map { action -> String in
      switch action {
      case .advance(let instant): return "watermark \(instant)"
      case .send(let event):
        defer { number += 1 }
        let properties = event.properties.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        return "\(number): \(event.at.milliseconds) '\(event.user)' \(event.name) \(properties)"
      }
    }
    let time = lateness.map { "lateness \($0)" } ?? "explicit watermarks"
    return (["\(time), retraction \(retraction)"] + lines).joined(separator: "\n")
  }
}

extension Event {
  fileprivate static func random(_ at: Int64, _ generator: inout SeededGenerator) -> Event {
    var properties: [Property] = []
    if generator.chance(88) { properties.append(Property("item", .string(generator.pick("p", "p", "q")))) }
    if generator.chance(93) { properties.append(Property("price", .number(Double(generator.number(0...4))))) }
    if generator.chance(70) { properties.append(Property("seller", .string(generator.pick("s", "t")))) }
    return Event(
      user: generator.pick("u1", "u1", "u1", "u1", "u1", "u2", "u2", generator.chance(40) ? "" : "u1"),
      name: generator.pick("a", "a", "a", "b", "b", "b", "c", "c", "x", "y"), at: Instant(milliseconds: at),
      properties: properties)
  }
}
