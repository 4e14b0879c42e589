/// Reads a template's text into its parts, and stops at the first thing that is wrong.
struct TemplateParser {
  struct Problem: Error {
    /// In Unicode scalars from the start, as columns are counted.
    var offset: Int
    var message: String
    var hint: String
  }

  private let scalars: [Unicode.Scalar]
  private var position = 0
  /// What other template languages write, and which is sent as it stands here.
  private(set) var strange: [Problem] = []

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  mutating func parse() throws(Problem) -> [Template.Part] {
    var parts: [Template.Part] = []
    var text = String.UnicodeScalarView()
    while position < scalars.count {
      if starts(with: "{{") {
        if !text.isEmpty { parts.append(.text(String(text))) }
        text = .init()
        parts.append(try placeholder())
      } else if starts(with: "}}") {
        throw problem("'}}' closes nothing", hint: "write {{item.name}} for a value, {{ '}}' }} for the braces")
      } else {
        noticeStrange()
        text.append(scalars[position])
        position += 1
      }
    }
    if !text.isEmpty { parts.append(.text(String(text))) }
    return parts
  }

  private mutating func noticeStrange() {
    guard strange.isEmpty else { return }
    let isCode = starts(with: "{%") || starts(with: "<%")
    let isValue = ["${", "#{", "%{"].contains(where: starts) && !Self.opens(scalars, at: position + 1)
    guard isCode || isValue else { return }
    strange.append(
      problem(
        "'\(excerpt(from: position))' is sent as it stands: templates here have no '\(scalars[position])\(scalars[position + 1])'",
        hint: isCode
          ? "there are no conditions: give a value a fallback, {{item.name | \"this item\"}}"
          : "write {{item.name}} for a value"))
  }

  /// Whether a name to insert begins there, as we write them.
  private static func opens(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
    scalars[index...].starts(with: "{{".unicodeScalars)
  }

  /// `{{`, a name with perhaps a fallback, or quoted text; `}}`.
  private mutating func placeholder() throws(Problem) -> Template.Part {
    let start = position
    position += 2
    skipSpaces()
    let part: Template.Part
    if let literal = try quoted(openedAt: start) {
      part = .text(literal)
    } else {
      let name = try name(openedAt: start)
      skipSpaces()
      let filter = try filter(openedAt: start)
      part = .value(name: name, filter: filter, fallback: try fallback(openedAt: start))
    }
    skipSpaces()
    if starts(with: "}}") {
      position += 2
      return part
    }
    if position == scalars.count { throw unclosed(start) }
    throw problem(
      "unexpected '\(scalars[position])' in '\(excerpt(from: start))'",
      hint: "write {{item.name}} or {{item.name | \"this item\"}}")
  }

  private mutating func name(openedAt start: Int) throws(Problem) -> String {
    let from = position
    while position < scalars.count, Self.isNamed(scalars[position]) { position += 1 }
    let name = String(String.UnicodeScalarView(scalars[from..<position]))
    if name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty }) { return name }
    if position == scalars.count { throw unclosed(start) }
    position = from
    throw problem("'\(excerpt(from: start))' names no field", hint: "write {{item.name}}, {{profile.name}} or {{user}}")
  }

  /// `| money`, `| round` or `| round 2`; whatever else follows the line is left to the fallback.
  private mutating func filter(openedAt start: Int) throws(Problem) -> NumberFilter? {
    let line = position
    guard starts(with: "|") else { return nil }
    position += 1
    skipSpaces()
    let from = position
    while position < scalars.count, scalars[position].properties.isAlphabetic { position += 1 }
    let word = String(String.UnicodeScalarView(scalars[from..<position]))
    guard NumberFilter.names.contains(word) else {
      position = line
      return nil
    }
    skipSpaces()
    let digits = position
    while position < scalars.count, ("0"..."9").contains(scalars[position]) { position += 1 }
    let places = digits == position ? nil : Int(String(String.UnicodeScalarView(scalars[digits..<position]))) ?? .max
    guard let filter = NumberFilter(word, places: places) else {
      position = digits
      throw problem(
        "'\(word)' in '\(excerpt(from: start))' takes no such number",
        hint: "write money, round or round 2 (at most \(NumberFilter.mostPlaces))")
    }
    skipSpaces()
    return filter
  }

  private mutating func fallback(openedAt start: Int) throws(Problem) -> String? {
    guard starts(with: "|") else { return nil }
    position += 1
    skipSpaces()
    if let text = try quoted(openedAt: start) { return text }
    if position == scalars.count { throw unclosed(start) }
    throw problem(
      "the fallback in '\(excerpt(from: start))' is not in quotes",
      hint: "write {{item.name | \"this item\"}}; the filters of numbers are money, round and round 2")
  }

  private mutating func quoted(openedAt start: Int) throws(Problem) -> String? {
    guard position < scalars.count, scalars[position] == "\"" || scalars[position] == "'" else { return nil }
    guard let end = scalars[(position + 1)...].firstIndex(of: scalars[position]) else { throw unclosed(start) }
    defer { position = end + 1 }
    return String(String.UnicodeScalarView(scalars[position + 1..<end]))
  }

  private static func isNamed(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "." || scalar == "_"
      || scalar == "-"
  }

  private mutating func skipSpaces() {
    while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
  }

  private func starts(with text: String) -> Bool {
    scalars[position...].starts(with: text.unicodeScalars)
  }

  private func problem(_ message: String, hint: String) -> Problem {
    Problem(offset: position, message: message, hint: hint)
  }

  private func unclosed(_ start: Int) -> Problem {
    Problem(
      offset: start, message: "'\(excerpt(from: start))' is not closed",
      hint: "write {{item.name}} for a value, {{ '{{' }} for the braces")
  }

  private func excerpt(from start: Int) -> String {
    let end = min(start + 24, scalars.count)
    return String(String.UnicodeScalarView(scalars[start..<end])) + (end < scalars.count ? "…" : "")
  }
}
