import AttuneModel

/// The states an attempt at a rule passes through, and what moves it on.
public struct StateDiagram: Sendable, Hashable {
  /// From the start to the match, in the order of the steps.
  public let states: [String]
  /// In the order of the states they leave.
  public let arrows: [Arrow]

  /// What leads from one state to another.
  public struct Arrow: Sendable, Hashable {
    /// Index of a state.
    public let from: Int
    /// Index of a state; nil: the attempt is over.
    public let to: Int?
    /// What it takes, in the words of the rule; empty when nothing more is needed.
    public let label: String
  }

  /// The diagram of a rule.
  public init(_ rule: Rule) {
    let pattern = rule.pattern
    let last = pattern.steps.count
    var arrows: [Arrow] = []
    for from in 0...last {
      if from > 0 { arrows += Self.loop(pattern.steps[from - 1], at: from) }
      arrows += Self.onward(from, pattern)
    }
    states = ["start"] + pattern.steps.map(\.label) + ["match"]
    if let without = pattern.without {
      // Where the last event is the match, nothing can come in between any more.
      let end =
        pattern.steps[last - 1].times == 1...1 && pattern.absence == nil && !pattern.endsWithNext ? last - 1 : last
      for from in 1..<(end + 1) { arrows.append(Arrow(from: from, to: nil, label: without.names)) }
    }
    arrows.append(Arrow(from: last, to: last + 1, label: Self.end(pattern)))
    self.arrows = arrows
  }

  /// Into the next step, and past those that may be missing; and what forbids it.
  private static func onward(_ from: Int, _ pattern: Pattern) -> [Arrow] {
    var arrows: [Arrow] = []
    for to in from..<pattern.steps.count {
      arrows.append(Arrow(from: from, to: to + 1, label: label(pattern.steps[to])))
      if !pattern.steps[to].isOptional { break }
    }
    guard from > 0 else { return arrows }
    let step = pattern.steps[from - 1]
    arrows += step.forbidden.map { Arrow(from: from, to: nil, label: name($0)) }
    arrows += step.forbiddenNext.map { Arrow(from: from, to: nil, label: "next is " + name($0)) }
    return arrows
  }

  private static func loop(_ step: Pattern.Step, at index: Int) -> [Arrow] {
    guard step.times.upperBound > 1 else { return [] }
    let (low, high) = (step.times.lowerBound, step.times.upperBound)
    let count = low == high ? "\(low) in all" : step.isOpenEnded ? "\(low) or more in all" : "\(low) to \(high) in all"
    return [Arrow(from: index, to: index, label: "again: \(count)")]
  }

  private static func end(_ pattern: Pattern) -> String {
    switch pattern.absence {
    case nil: pattern.endsWithNext ? "next is another" : pattern.having.map { "if \($0.text)" } ?? ""
    case .after(let span): "\(span) later"
    case .untilWithin: "\(pattern.within.map(\.description) ?? "") after the first"
    }
  }

  private static func label(_ step: Pattern.Step) -> String {
    let way =
      switch step.follows {
      case .relaxed: ""
      case .any: "any later "
      case .strict: "next: "
      }
    return way + name(step.fit) + (step.gap.map { " within \($0)" } ?? "")
  }

  private static func name(_ filter: Pattern.Filter) -> String {
    filter.types.names + (filter.condition.map { " [\($0.text)]" } ?? "")
  }
}

// Drawings.
extension StateDiagram {
  /// For a terminal: states from top to bottom, beside each what does not lead to the next one.
  public var text: String {
    var lines: [String] = []
    for (index, state) in states.enumerated() {
      let isLast = index == states.count - 1
      lines.append((index == 0 ? "○ " : isLast ? "◎ " : "● ") + state)
      guard !isLast else { break }
      for arrow in arrows where arrow.from == index && arrow.to != index + 1 {
        let target = arrow.to.map { $0 == index ? "stays" : "→ \(states[$0])" } ?? "✗ over"
        lines.append("├─ \(arrow.label)  \(target)")
      }
      let onward = arrows.first { $0.from == index && $0.to == index + 1 }?.label ?? ""
      lines.append(onward.isEmpty ? "│" : "│  \(onward)")
      lines.append("▼")
    }
    return lines.joined(separator: "\n")
  }

  /// A Mermaid `stateDiagram-v2`.
  public var mermaid: String {
    var lines = ["stateDiagram-v2"]
    for (index, state) in states.enumerated() { lines.append("  state \"\(state)\" as s\(index)") }
    lines.append("  [*] --> s0")
    if arrows.contains(where: { $0.to == nil }) { lines.append("  state \"over\" as over") }
    for arrow in arrows {
      let label = Self.plain(arrow.label)
      lines.append("  s\(arrow.from) --> \(arrow.to.map { "s\($0)" } ?? "over")" + (label.isEmpty ? "" : ": \(label)"))
    }
    lines.append("  s\(states.count - 1) --> [*]")
    return lines.joined(separator: "\n")
  }

  /// What ends a label in Mermaid, and line breaks, as entities or blanks.
  private static func plain(_ label: String) -> String {
    label.reduce(into: "") { text, character in
      switch character {
      case "\n", "\r\n": text += " "
      case ";": text += "#59;"
      case "#": text += "#35;"
      case "<": text += "#lt;"
      case ">": text += "#gt;"
      case "\"": text += "#quot;"
      case ":": text += "#58;"
      default: text.append(character)
      }
    }
  }
}

extension EventTypes {
  /// `view or cart`, `any event`
  var names: String {
    switch self {
    case .any: "any event"
    case .some(let names): names.joined(separator: " or ")
    }
  }
}
