// The same in the language.
extension Sketch {
  var text: String { text(named: "r") }

  func text(named name: String) -> String {
    var parts = [
      "rule: \(name)", "key: [\(key.joined(separator: ", "))]", "pattern: [\(items.joined(separator: ", "))]",
    ]
    if let to { parts.append("to: \(to)") }
    parts.append(within.map { "within: \($0)ms" } ?? "within: none")
    // Without a word the one is meant, with `skip` the other.
    let isSaid = within.map { !$0.isMultiple(of: 2) } ?? true
    if !endsInEvent, isSaid { parts.append(restart ? "repeat: restart" : "repeat: each") }
    if !restart { parts.append("skip: \(skip.text)") }
    if !without.isEmpty { parts.append("without: [\(without.joined(separator: ", "))]") }
    if let having { parts.append("having: \(having.text)") }
    parts.append(
      "emit: {n: count(s0), sum: sum(s0.price), kinds: distinct(s0.item), top: max(s\(lastStep).price), "
        + "item: s\(lastStep).item, ts: s0.ts}")
    return "{\(parts.joined(separator: ", "))}"
  }

  private var items: [String] {
    steps.enumerated().flatMap { index, step in
      var nots = step.nots.map { Self.text("not", $0) }
      var nextNots = step.nextNots.map { Self.text("notNext", $0) }
      let isLast = index == lastStep
      if isLast, case .silence(let span) = end, let last = nots.popLast() {
        nots.append("{\(last), for: \(span)ms}")
      }
      nots = nots.map(Self.braced)
      nextNots = nextNots.map(Self.braced)
      // The last one says how the pattern ends.
      let endsInNotNext = if isLast, case .notNext = end { true } else { false }
      return ["{\(step.text(index))}"] + (endsInNotNext ? nots + nextNots : nextNots + nots)
    }
  }

  private static func braced(_ text: String) -> String { text.hasPrefix("{") ? text : "{\(text)}" }

  private static func text(_ kind: String, _ ban: Ban) -> String {
    "\(kind): \(list(ban.types))" + (ban.tests.isEmpty ? "" : ", where: \(ban.tests.text)")
  }

  fileprivate static func list(_ types: [String]) -> String {
    types.isEmpty ? "any" : types.count == 1 ? types[0] : "[\(types.joined(separator: ", "))]"
  }
}

extension Sketch.Step {
  fileprivate func text(_ index: Int) -> String {
    let follow =
      switch follows {
      case .strict: "next"
      case .relaxed: "then"
      case .any: "thenAny"
      }
    var parts = ["\(index == 0 ? "on" : follow): \(Sketch.list(types))", "as: s\(index)"]
    if times.upperBound == .max {
      parts.append("times: \(times.lowerBound)+")
    } else if times.count > 1 {
      parts.append("times: \(times.lowerBound)..\(times.upperBound)")
    } else if times != 1...1 {
      parts.append("times: \(times.lowerBound)")
    }
    if !tests.isEmpty { parts.append("where: \(tests.text)") }
    if isOptional { parts.append("optional: true") }
    if repeats == .strict { parts.append("consecutive: true") }
    if repeats == .any { parts.append("combinations: true") }
    if let gap { parts.append("gap: \(gap)ms") }
    if let same { parts.append("same: \(same)") }
    if let distinct { parts.append("distinct: \(distinct)") }
    if isGreedy { parts.append("greedy: true") }
    if !until.isEmpty { parts.append("until: \(until.text)") }
    return parts.joined(separator: ", ")
  }
}

extension [Sketch.Test] {
  fileprivate var text: String { map(\.text).joined(separator: " and ") }
}

extension Sketch.Test {
  fileprivate var text: String {
    switch self {
    case .floor(let floor): "price >= \(floor)"
    case .sameItem(let step): "item == s\(step).item"
    case .average(let step): "price >= avg(s\(step).price)"
    case .few(let step): "price <= count(s\(step))"
    case .hasItem: "exists(item)"
    case .profile: "price >= profile.floor"
    }
  }
}

extension Sketch.Skip {
  fileprivate var text: String {
    switch self {
    case .none: "none"
    case .toNext: "toNext"
    case .pastLast: "pastLast"
    case .toFirst(let step): "toFirst(s\(step))"
    case .toLast(let step): "toLast(s\(step))"
    }
  }
}

extension Sketch.Having {
  fileprivate var text: String {
    switch self {
    case .sum(let step, let least): "sum(s\(step).price) >= \(least)"
    case .count(let step, let least): "count(s\(step)) >= \(least)"
    case .kinds(let step, let least): "distinct(s\(step).item) >= \(least)"
    }
  }
}
