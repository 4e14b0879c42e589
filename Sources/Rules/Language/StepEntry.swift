import AttuneModel

/// One entry of the list under `pattern`, as far as it can be read without its neighbours.
struct StepEntry {
  var kind: Kind
  var types: EventTypes
  var mark: Mark
  var alias: String?
  var times = 1...1
  var gap: TimeSpan?
  var gapMark: Mark?
  var isOptional = false
  var isGreedy = false
  var repeats = Pattern.Contiguity.relaxed
  // Read when it is known which names they may use.
  var condition: Node?
  var same: Node?
  var distinct: Node?
  var until: Node?
  /// What stands under `for`.
  var span: Node?

  enum Kind: String, CaseIterable {
    case on, then, thenAny, next, not, notNext

    /// Whether it matches an event, rather than forbids one.
    var isPositive: Bool { self != .not && self != .notNext }

    var follows: Pattern.Contiguity {
      switch self {
      case .next: .strict
      case .thenAny: .any
      case .on, .then, .not, .notNext: .relaxed
      }
    }
  }

  /// Keys of a step that say how it repeats.
  private static let ofRepetition = ["consecutive", "combinations", "same", "distinct", "greedy", "until"]
  /// Keys of a step that matches events.
  private static let ofMatching = ["as", "times", "optional", "gap"] + ofRepetition

  init?(reading node: Node, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(node, "a step", &diagnostics) else { return nil }
    let kinds = Kind.allCases.compactMap { kind in fields.take(kind.rawValue).map { (kind: kind, types: $0) } }
    condition = fields.take("where")
    var parts: [String: Node] = [:]
    for name in Self.ofMatching { parts[name] = fields.take(name) }
    span = fields.take("for")
    fields.finish(&diagnostics)
    guard let first = kinds.first else {
      let all = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      diagnostics.error(node.mark, "a step needs one of \(all)", hint: "{ on: view }")
      return nil
    }
    if kinds.count > 1 {
      diagnostics.error(
        kinds[1].types.mark, "a step is either '\(first.kind)' or '\(kinds[1].kind)', not both",
        hint: "make it two steps")
    }
    guard let types = EventTypes(reading: first.types, &diagnostics) else { return nil }
    kind = first.kind
    self.types = types
    mark = node.mark
    if kind.isPositive { readParts(parts, &diagnostics) } else { refuse(parts, &diagnostics) }
    if let span, kind != .not {
      diagnostics.error(
        span.mark, "'for' belongs to a 'not' at the end",
        hint: kind.isPositive ? "- { not: \(kind), for: 30m }" : "'notNext' is decided by the very next event")
    }
  }

  private func refuse(_ parts: [String: Node], _ diagnostics: inout Diagnostics) {
    for name in Self.ofMatching {
      if let part = parts[name] {
        diagnostics.error(part.mark, "'\(kind)' takes no '\(name)': nothing is matched by it")
      }
    }
  }

  private mutating func readParts(_ parts: [String: Node], _ diagnostics: inout Diagnostics) {
    func flag(_ name: String, _ diagnostics: inout Diagnostics) -> Bool {
      parts[name]?.bool("'\(name)'", &diagnostics) ?? false
    }
    alias = parts["as"].flatMap { Self.readAlias($0, &diagnostics) }
    let range = parts["times"].map { Self.readTimes($0, &diagnostics) } ?? 1...1
    times = range ?? 1...1
    gap = parts["gap"].flatMap { $0.length("'gap'", &diagnostics, hint: "gap: 5m") }
    gapMark = parts["gap"]?.mark
    isOptional = flag("optional", &diagnostics)
    isGreedy = flag("greedy", &diagnostics)
    let isConsecutive = flag("consecutive", &diagnostics)
    let combines = flag("combinations", &diagnostics)
    repeats = isConsecutive ? .strict : combines ? .any : .relaxed
    (same, distinct, until) = (parts["same"], parts["distinct"], parts["until"])
    if let part = parts["combinations"], combines, isConsecutive {
      diagnostics.error(
        part.mark, "'combinations' may leave out events between its own, 'consecutive' may not",
        hint: "keep one of them")
    }
    guard range == 1...1 else { return }
    for name in Self.ofRepetition {
      guard let part = parts[name], part.scalar != "false" else { continue }
      diagnostics.error(
        part.mark, "'\(name)' has no meaning in a step that takes one event", hint: "repeat it: times: 2+")
    }
  }
}

// Scalars.
extension StepEntry {
  /// The most repetitions one step may ask for.
  static let mostTimes = 1000

  private static func readAlias(_ node: Node, _ diagnostics: inout Diagnostics) -> String? {
    guard let name = node.name("an alias", &diagnostics) else { return nil }
    let reserved = Parser.words + Parser.functions + ["profile", "user", "type", "ts"]
    let scalars = name.unicodeScalars
    guard !reserved.contains(name), scalars.allSatisfy({ $0 == "_" || $0.properties.isAlphabetic || $0.isDigit }),
      scalars.first?.isDigit == false
    else {
      diagnostics.error(
        node.mark, "'\(name)' cannot be an alias", hint: "letters, digits and '_', and no word of the language")
      return nil
    }
    return name
  }

  /// `3`, `2..5` or `3+`.
  private static func readTimes(_ node: Node, _ diagnostics: inout Diagnostics) -> ClosedRange<Int>? {
    let text = node.scalar ?? ""
    let range: (Int, Int)? =
      if text.hasSuffix("+") {
        count(text.dropLast()).map { ($0, .max) }
      } else if let dots = text.firstIndex(of: "."), text[dots...].hasPrefix("..") {
        count(text[..<dots]).flatMap { low in count(text[dots...].dropFirst(2)).map { (low, $0) } }
      } else {
        count(text[...]).map { ($0, $0) }
      }
    guard let (low, high) = range else {
      diagnostics.error(
        node.mark, "expected 'times', a number of repetitions from 1 to \(mostTimes)", hint: "write 3, 2..5 or 3+")
      return nil
    }
    guard low <= high else {
      diagnostics.error(node.mark, "'times' goes from the smaller to the larger number", hint: "write \(high)..\(low)")
      return nil
    }
    return low...high
  }

  private static func count(_ text: Substring) -> Int? {
    guard text.unicodeScalars.allSatisfy(\.isDigit), let number = Int(text) else { return nil }
    return (1...mostTimes).contains(number) ? number : nil
  }
}

extension Node {
  /// A duration longer than nothing.
  func length(_ what: String, _ diagnostics: inout Diagnostics, hint: String) -> TimeSpan? {
    guard let span = span(what, &diagnostics) else { return nil }
    if span > .zero { return span }
    diagnostics.error(mark, "\(what) must be longer than nothing", hint: hint)
    return nil
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}
