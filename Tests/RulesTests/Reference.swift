import Model

@testable import Rules

/// A pattern as the tests invent it: simple enough to be judged by the plain words of RULES.md.
struct Sketch {
  struct Step {
    var type: String
    var times: ClosedRange<Int>
    /// The text of `times`, which may be `n+`.
    var timesText: String
    /// `price >= floor`.
    var floor: Double?
    /// `item == s0.item`.
    var sameItemAsFirst = false
    /// Types forbidden after it, before the next step or at the end.
    var forbidden: [String] = []
  }

  var steps: [Step]
  var within: Int64
  /// How it ends: nil in an event; else in an absence, of this length or (0) until `within`.
  var absence: Int64?
  var restart: Bool
  var skip: String
  var without: String?
  /// `sum(s0.price) >= having`.
  var having: Double?
  var keyHasItem: Bool

  /// The same in the language.
  var text: String {
    var items: [String] = []
    for (index, step) in steps.enumerated() {
      var parts = ["\(index == 0 ? "on" : "then"): \(step.type)", "as: s\(index)"]
      if step.timesText != "1" { parts.append("times: \(step.timesText)") }
      var conditions: [String] = []
      if let floor = step.floor { conditions.append("price >= \(floor)") }
      if step.sameItemAsFirst { conditions.append("item == s0.item") }
      if !conditions.isEmpty { parts.append("where: \(conditions.joined(separator: " and "))") }
      items.append("{\(parts.joined(separator: ", "))}")
      for (place, type) in step.forbidden.enumerated() {
        let isEnd = index == steps.count - 1 && place == step.forbidden.count - 1
        let span = absence.map { isEnd && $0 > 0 ? ", for: \($0)ms" : "" } ?? ""
        items.append("{not: \(type)\(span)}")
      }
    }
    var text = "{rule: r, key: \(keyHasItem ? "[user, item]" : "user"), pattern: [\(items.joined(separator: ", "))]"
    text += ", within: \(within)ms"
    if absence != nil { text += restart ? ", repeat: restart" : ", repeat: each" }
    if !restart { text += ", skip: \(skip)" }
    if let without { text += ", without: \(without)" }
    if let having { text += ", having: sum(s0.price) >= \(having)" }
    return text + ", emit: {n: count(s0), sum: sum(s0.price), last: s\(steps.count - 1).item}}"
  }
}

/// Answers a sketch for the events of one key, all known, in order. It tries every way through the list; slow, obvious.
struct Reference {
  var sketch: Sketch
  var events: [Event]

  /// One way to complete the steps: which event for which step, and where at each event the way turned (0: took it as a
  /// repetition, 1: let it pass, 2: took it as the next step).
  private struct Way {
    var taken: [(step: Int, event: Int)]
    var turns: [Int] = []

    var first: Int { taken[0].event }
    var last: Int { taken[taken.count - 1].event }
  }

  private func at(_ event: Int) -> Int64 { events[event].at.milliseconds }

  private func price(_ event: Int) -> Double {
    if case .number(let price) = events[event].properties["price"] { price } else { 0 }
  }

  /// `s0.item` is that of the last event of the first step.
  private func fits(_ event: Int, _ step: Int, after way: Way?) -> Bool {
    let first = way?.taken.last { $0.step == 0 }?.event ?? event
    let wanted = sketch.steps[step]
    return events[event].name == wanted.type && (wanted.floor.map { price(event) >= $0 } ?? true)
      && (!wanted.sameItemAsFirst || events[event].properties["item"] == events[first].properties["item"])
  }

  /// Every way the steps are completed, each when its last event comes.
  private func ways() -> [Way] {
    var complete: [Way] = []
    for start in events.indices where fits(start, 0, after: nil) && events[start].name != sketch.without {
      follow(
        Way(taken: [(0, start)]), count: 1, mayRepeat: true, mayGoOn: true, from: start + 1, isNew: true, &complete)
    }
    return complete
  }

  private func follow(
    _ way: Way, count: Int, mayRepeat: Bool, mayGoOn: Bool, from next: Int, isNew: Bool, _ complete: inout [Way]
  ) {
    let step = way.taken[way.taken.count - 1].step
    let wanted = sketch.steps[step]
    let isLast = step == sketch.steps.count - 1
    let enough = count >= wanted.times.lowerBound
    if isNew, isLast, enough { complete.append(way) }
    guard next < events.count, at(next) - at(way.first) < sketch.within, events[next].name != sketch.without else {
      return
    }
    let canRepeat = mayRepeat && count < wanted.times.upperBound && fits(next, step, after: way)
    let isForbidden = wanted.forbidden.contains(events[next].name)
    let goesOn = mayGoOn && enough && !isLast
    let canGoOn = goesOn && !isForbidden && fits(next, step + 1, after: way)
    if canRepeat {
      var longer = way
      longer.taken.append((step, next))
      longer.turns.append(0)
      follow(longer, count: count + 1, mayRepeat: true, mayGoOn: true, from: next + 1, isNew: true, &complete)
    }
    var same = way
    same.turns.append(1)
    follow(
      same, count: count, mayRepeat: mayRepeat && !canRepeat,
      mayGoOn: enough ? goesOn && !isForbidden && !canGoOn : true,
      from: next + 1, isNew: false, &complete)
    if canGoOn {
      var further = way
      further.taken.append((step + 1, next))
      further.turns.append(2)
      follow(further, count: 1, mayRepeat: true, mayGoOn: true, from: next + 1, isNew: true, &complete)
    }
  }

  /// Older starts first, then the way that took more where two first part. A way that is complete lets the rest pass.
  private func isBefore(_ a: Way, _ b: Way) -> Bool {
    if a.first != b.first { return a.first < b.first }
    let length = max(a.turns.count, b.turns.count)
    func turns(_ way: Way) -> [Int] { way.turns + Array(repeating: 1, count: length - way.turns.count) }
    return turns(a).lexicographicallyPrecedes(turns(b))
  }

  private func deadline(of way: Way) -> Int64 {
    guard let span = sketch.absence, span > 0 else { return at(way.first) + sketch.within }
    return at(way.last) + span
  }

  /// Whether an absence that waits since the way's last event lasts until its deadline.
  private func lasts(_ way: Way) -> Bool {
    let forbidden = (sketch.steps.last?.forbidden ?? []) + [sketch.without].compactMap { $0 }
    return !events[(way.last + 1)...].contains { $0.at.milliseconds < deadline(of: way) && forbidden.contains($0.name) }
  }

  private func passes(_ way: Way) -> Bool {
    guard let having = sketch.having else { return true }
    return way.taken.filter { $0.step == 0 }.map { price($0.event) }.reduce(0, +) >= having
  }

  struct Answer: Equatable {
    var at: Int64
    var events: [[Int]]
  }

  func answers() -> [Answer] {
    let complete = ways()
    let found: [(way: Way, at: Int64)]
    if sketch.absence == nil {
      let ordered = complete.sorted { $0.last != $1.last ? $0.last < $1.last : isBefore($0, $1) }
      found = select(ordered.map { ($0, at($0.last)) })
    } else if sketch.restart {
      found = waitInTurn(complete)
    } else {
      let ordered = complete.filter(lasts).map { ($0, deadline(of: $0)) }
        .sorted { $0.1 != $1.1 ? $0.1 < $1.1 : isBefore($0.0, $1.0) }
      found = select(ordered)
    }
    return found.map { way, at in
      Answer(
        at: at,
        events: sketch.steps.indices.map { step in way.taken.filter { $0.step == step }.map(\.event) })
    }
  }

  /// In the order of completion, each match that none before it has skipped.
  private func select(_ ordered: [(way: Way, at: Int64)]) -> [(way: Way, at: Int64)] {
    var matches: [(way: Way, at: Int64)] = []
    for candidate in ordered where passes(candidate.way) {
      if !matches.contains(where: { skips($0.way, candidate.way.first) }) { matches.append(candidate) }
    }
    return matches
  }

  private func skips(_ match: Way, _ start: Int) -> Bool {
    switch sketch.skip {
    case "none": false
    case "toNext": start == match.first
    case "pastLast": start <= match.last
    case "toFirst(s1)": start < (match.taken.first { $0.step == 1 }?.event ?? 0)
    default: start < (match.taken.last { $0.step == 0 }?.event ?? 0)
    }
  }

  /// `repeat: restart`: one wait, moved by each completion, ended by what is forbidden.
  private func waitInTurn(_ complete: [Way]) -> [(way: Way, at: Int64)] {
    var matches: [(way: Way, at: Int64)] = []
    var wait: Way?
    var usedUp = -1
    func ring(through instant: Int64) {
      guard let way = wait, deadline(of: way) <= instant else { return }
      wait = nil
      guard passes(way) else { return }
      matches.append((way, deadline(of: way)))
      usedUp = way.last
    }
    let forbidden = (sketch.steps.last?.forbidden ?? []) + [sketch.without].compactMap { $0 }
    for event in events.indices {
      ring(through: at(event))
      if forbidden.contains(events[event].name) { wait = nil }
      let here = complete.filter { $0.last == event && $0.first > usedUp }
      if let first = here.min(by: isBefore) { wait = first }
    }
    ring(through: .max)
    return matches
  }
}
