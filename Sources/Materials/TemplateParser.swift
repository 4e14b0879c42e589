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
        text.append(scalars[position])
        position += 1
      }
    }
    if !text.isEmpty { parts.append(.text(String(text))) }
    return parts
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
      part = .value(name: name, fallback: try fallback(openedAt: start))
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

  private mutating func fallback(openedAt start: Int) throws(Problem) -> String? {
    guard starts(with: "|") else { return nil }
    position += 1
    skipSpaces()
    if let text = try quoted(openedAt: start) { return text }
    if position == scalars.count { throw unclosed(start) }
    throw problem(
      "the fallback in '\(excerpt(from: start))' is not in quotes", hint: "write {{item.name | \"this item\"}}")
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
