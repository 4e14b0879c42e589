import AttuneModel

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

extension Story {
  static let floors: [String: Double] = ["u1": 1, "u2": 3]
  static let profiles = floors.mapValues { [Property("floor", .number($0))] }

  /// Its events as they stand in time, and those that came too late for that.
  var entries: (inTime: [Entry], late: [Chains.Late]) {
    var inTime: [Entry] = []
    var late: [Chains.Late] = []
    var watermark = Int64.min
    for action in actions {
      switch action {
      case .advance(let instant): watermark = max(watermark, instant)
      case .send(let event):
        let entry = Entry(number: inTime.count + late.count, event: event)
        guard entry.at > watermark else {
          late.append(Chains.Late(entry: entry, watermark: watermark))
          continue
        }
        inTime.append(entry)
        if let lateness { watermark = max(watermark, entry.at - lateness) }
      }
    }
    return (inTime.sorted(by: <), late)
  }

  /// A smaller one that fails too: one action less, as long as that goes.
  func shrunk(_ fails: (Story) -> Bool) -> Story {
    var story = self
    var index = 0
    while index < story.actions.count {
      var smaller = story
      smaller.actions.remove(at: index)
      smaller.name()
      if fails(smaller) {
        story = smaller
      } else {
        index += 1
      }
    }
    return story
  }
}
