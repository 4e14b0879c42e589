import AttuneModel

/// What the reference and the real thing are both told to do.
enum Action {
  case send(Event)
  case advance(Int64)
}

/// What comes of it, in words that both can say.
struct Told: Equatable, CustomStringConvertible {
  enum Kind { case match, retracted, late }

  var kind: Kind
  var at: Int64 = 0
  var key: [String] = []
  var user = ""
  /// By step, the numbers of the events; steps without any are left out.
  var events: [String] = []
  var emit: [String] = []

  var description: String {
    "\(kind) at \(at) key \(key) to '\(user)': \(events.joined(separator: ", ")) \(emit)"
  }
}

/// A store of one rule: it puts events in order, keeps time, and has the runs of every key.
struct World {
  let sketch: Sketch
  let lateness: Int64?
  let retraction: Int64
  /// `profile.floor`, by user.
  let floors: [String: Double]

  private var keys: [[String]: Runs] = [:]
  private var pending: [Entry] = []
  private var fired: [(key: [String], chain: Chain, told: Told)] = []
  private(set) var watermark = Int64.min
  private var count = 0
  private(set) var told: [Told] = []

  init(_ sketch: Sketch, lateness: Int64? = nil, retraction: Int64 = .max, floors: [String: Double] = [:]) {
    self.sketch = sketch
    self.lateness = lateness
    self.retraction = retraction
    self.floors = floors
  }

  mutating func perform(_ action: Action) {
    switch action {
    case .advance(let instant): advance(to: instant)
    case .send(let event):
      let entry = Entry(number: count, event: event)
      count += 1
      if entry.at <= watermark {
        cancel(entry)
      } else {
        pending.append(entry)
        if let lateness { advance(to: entry.at - lateness) }
      }
    }
  }

  mutating func advance(to instant: Int64) {
    guard instant > watermark else { return }
    watermark = instant
    let due = pending.filter { $0.at <= instant }.sorted(by: <)
    pending.removeAll { $0.at <= instant }
    for entry in due {
      fire(through: entry.at)
      handle(entry)
    }
    fire(through: instant)
  }

  // MARK: Keys

  /// The values of the key that an event has, in the key's order.
  static func values(of event: Event, _ key: [String]) -> [String?] {
    key.map { name in
      if name == "user" { return event.user.isEmpty ? nil : event.user }
      if case .string(let text) = event.properties[name] { return text }
      return nil
    }
  }

  static func reaches(_ values: [String?], _ key: [String]) -> Bool {
    values.contains { $0 != nil } && zip(values, key).allSatisfy { $0 == nil || $0 == $1 }
  }

  /// Those with something open that the event concerns, in order.
  private func keys(of entry: Entry) -> [[String]] {
    let values = Self.values(of: entry.event, sketch.key)
    return keys.keys.filter { Self.reaches(values, $0) }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  func judge(of key: [String]) -> Judge {
    Judge(sketch: sketch, floor: sketch.key.firstIndex(of: "user").flatMap { floors[key[$0]] })
  }

  private mutating func handle(_ entry: Entry) {
    let values = Self.values(of: entry.event, sketch.key)
    let whole = values.compactMap { $0 }
    let isWhole = whole.count == values.count
    if isWhole, keys[whole] == nil { keys[whole] = Runs(judge: judge(of: whole)) }
    for key in keys(of: entry) {
      for (chain, at) in keys[key]?.take(entry, starts: isWhole) ?? [] { told.append(match(chain, key, at: at)) }
    }
  }

  private mutating func fire(through instant: Int64) {
    func due(_ key: [String], _ runs: Runs) -> (Int64, [String])? {
      (runs.nextDeadline ?? runs.nextRelease).map { ($0, key) }
    }
    while let (deadline, key) = keys.compactMap(due)
      .min(by: { $0.0 != $1.0 ? $0.0 < $1.0 : $0.1.lexicographicallyPrecedes($1.1) }), deadline <= instant
    {
      if sketch.holdsBack {
        for (chain, at) in keys[key]?.release(at: deadline) ?? [] { told.append(match(chain, key, at: at)) }
        continue
      }
      guard let chain = keys[key]?.fireFirst(at: deadline) else { continue }
      let match = match(chain, key, at: deadline)
      fired.append((key, chain, match))
      told.append(match)
    }
  }

  private mutating func cancel(_ late: Entry) {
    told.append(Told(kind: .late, at: late.at, events: ["\(late.number)"]))
    for key in keys(of: late) {
      keys[key]?.cancel(late)
      let taken = fired.indices.filter { index in
        let isKept = watermark < fired[index].told.at + retraction
        return fired[index].key == key && isKept
          && keys[key]?.wouldHaveCancelled(late, fired[index].chain) ?? false
      }
      for index in taken {
        fired[index].told.kind = .retracted
        told.append(fired[index].told)
      }
      for index in taken.reversed() { fired.remove(at: index) }
    }
    // What it ended may have been in others' way.
    fire(through: watermark)
  }

  // MARK: Matches

  private func match(_ chain: Chain, _ key: [String], at: Int64) -> Told {
    Told(
      kind: .match, at: at, key: key, user: addressee(chain, key),
      events: Self.events(of: chain), emit: emit(chain))
  }

  static func events(of chain: Chain) -> [String] {
    Set(chain.map(\.step)).sorted().map { step in
      "s\(step) " + chain.entries(of: step).map { String($0.number) }.joined(separator: " ")
    }
  }

  /// A value of the key, or else the property of the last matched event that has it.
  private func addressee(_ chain: Chain, _ key: [String]) -> String {
    let name = sketch.to ?? "user"
    if let index = sketch.key.firstIndex(of: name) { return key[index] }
    return chain.compactMap { Self.values(of: $0.entry.event, [name])[0] }.last ?? ""
  }

  private func emit(_ chain: Chain) -> [String] {
    func values(_ step: Int, _ name: String) -> [Value] {
      chain.entries(of: step).compactMap { $0.event.properties[name] }
    }
    func prices(_ step: Int) -> [Double] {
      values(step, "price").compactMap { if case .number(let number) = $0 { number } else { nil } }
    }
    let last = chain.entries(of: sketch.lastStep).last
    let all: [(String, Value?)] = [
      ("n", .number(Double(chain.entries(of: 0).count))),
      ("sum", .number(prices(0).reduce(0, +))),
      ("kinds", .number(Double(Set(values(0, "item")).count))),
      ("top", prices(sketch.lastStep).max().map(Value.number)),
      ("item", last?.event.properties["item"]),
      ("ts", chain.entries(of: 0).last.map { .number(Double($0.at)) }),
    ]
    return all.compactMap { name, value in value.map { "\(name)=\($0)" } }
  }
}
