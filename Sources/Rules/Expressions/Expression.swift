public import AttuneModel

/// A predicate or a value over an event, earlier matched events and the user's profile; `docs/rules.md` lists what it may say.
///
/// Evaluation never fails and takes time bounded by the text's length and the number of matched events.
///
/// ```swift
/// let isNear = Expression.condition(node, scope: .profile, zone: zone, &diagnostics)
/// isNear?.holds(profile: [Property("city", .string("Hangzhou"))])
/// ```
public struct Expression: Sendable, Hashable {
  /// As it was written.
  public let text: String
  let term: Term

  /// At most this many UTF-8 bytes of text ...
  static let longest = 4096
  /// ... this many levels of brackets and `not`s ...
  static let deepest = 32
  /// ... and this many operators.
  static let mostOperators = 128

  enum Purpose { case condition, value }

  /// Reads a condition: an expression that is true or false. Nil after an error, which carries the column inside the text.
  ///
  /// - Parameters:
  ///   - scope: the names it may use.
  ///   - zone: of `day(x)`, `hour(x)` and `weekday(x)`.
  public static func condition(
    _ node: Node, scope: Scope, zone: Zone, _ diagnostics: inout Diagnostics
  ) -> Expression? {
    var scope = scope
    return read(node, as: .condition, &scope, zone, &diagnostics)
  }

  /// Whether it holds for a profile alone, for conditions read in `Scope.profile`.
  public func holds(profile: [Property]) -> Bool { term.holds(in: EvaluationContext(event: nil, profile: profile)) }

  /// The properties of the profile it asks for, each once, as they are written.
  public var profileProperties: [String] {
    var names: [String] = []
    term.visit { if case .profile(let name) = $0, !names.contains(name) { names.append(name) } }
    return names
  }

  /// The properties of events it asks for, of the event in hand; each once, as they are written.
  var eventProperties: [String] {
    var names: [String] = []
    term.visit { if case .event(.property(let name)) = $0, !names.contains(name) { names.append(name) } }
    return names
  }

  static func read(
    _ node: Node, as purpose: Purpose, _ scope: inout Scope, _ zone: Zone, _ diagnostics: inout Diagnostics
  ) -> Expression? {
    guard let text = node.text("an expression", &diagnostics) else { return nil }
    let quoted = if case .scalar(_, quoted: true) = node.content { 1 } else { 0 }
    return read(text, at: node.mark.advanced(by: quoted), as: purpose, &scope, zone, &diagnostics)
  }

  private static func read(
    _ text: String, at mark: Mark, as purpose: Purpose, _ scope: inout Scope, _ zone: Zone,
    _ diagnostics: inout Diagnostics
  ) -> Expression? {
    guard text.utf8.count <= longest else {
      diagnostics.error(mark, "an expression has at most \(longest) bytes, this one has \(text.utf8.count)")
      return nil
    }
    var parser = Parser(scope: scope, zone: zone)
    do {
      let term = try parser.parse(text, as: purpose)
      scope = parser.scope
      warn(of: term, scope.aliases.compactMap { $0 }, at: mark, &diagnostics)
      for notice in parser.notices {
        diagnostics.warning(place(of: notice, in: text, mark), notice.message, hint: notice.hint)
      }
      if purpose == .condition, !term.asksSomething, !term.holds(in: EvaluationContext(event: nil, profile: [])) {
        diagnostics.warning(
          mark, "this never holds: it compares constants only", hint: "compare with a property: price > 5")
      }
      return Expression(text: text, term: term)
    } catch {
      // What looked like a name with a '-' explains more than what came of it.
      let hint = parser.dash ?? error.hint
      diagnostics.error(place(of: error, in: text, mark), error.message, hint: hint)
      return nil
    }
  }

  /// In a text of several lines the column is not known: the text's start has to do.
  private static func place(of error: SyntaxError, in text: String, _ mark: Mark) -> Mark {
    text.unicodeScalars.prefix(error.offset).contains("\n") ? mark : mark.advanced(by: error.offset)
  }

  /// A dotted name is a property of the event, unless an alias was meant by what stands before the dot.
  private static func warn(of term: Term, _ aliases: [String], at mark: Mark, _ diagnostics: inout Diagnostics) {
    var names: [String] = []
    term.visit { if case .event(.property(let name)) = $0, name.contains(".") { names.append(name) } }
    for name in names {
      guard let head = name.split(separator: ".").first.map(String.init), let near = nearest(to: head, among: aliases)
      else { continue }
      diagnostics.warning(
        mark, "'\(name)' is a property of the event here: no step is called '\(head)'", hint: "did you mean '\(near)'?")
    }
  }
}

extension Term {
  /// Calls `look` with this term and every term inside.
  func visit(_ look: (Term) -> Void) {
    look(self)
    switch self {
    case .literal, .event, .taken, .takenTime, .profile: break
    case .not(let term), .negative(let term), .exists(let term), .userID(let term), .calendar(_, _, let term):
      term.visit(look)
    case .binary(_, let left, let right):
      left.visit(look)
      right.visit(look)
    case .aggregate(_, _, let term): term?.visit(look)
    }
  }

  /// Whether a part of it asks something of the event at hand.
  var seesEvent: Bool {
    var found = false
    visit { if case .event = $0 { found = true } }
    return found
  }

  /// Whether its value depends on anything but constants.
  var asksSomething: Bool {
    var found = false
    visit {
      switch $0 {
      case .event, .taken, .takenTime, .profile, .aggregate: found = true
      default: break
      }
    }
    return found
  }

  /// Whether it looks at events matched before the one at hand.
  var asksEarlier: Bool {
    var found = false
    visit {
      switch $0 {
      case .taken, .takenTime, .aggregate: found = true
      default: break
      }
    }
    return found
  }

  /// Whether a part of it depends on the zone.
  var usesZone: Bool {
    var found = false
    visit { if case .calendar = $0 { found = true } }
    return found
  }
}
