import AttuneModel

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
      step.gap != nil
        || (index == 0 || step.follows == .strict)
          && (step.times == 1...1 || step.repeats == .strict && step.times.upperBound < .max)
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
