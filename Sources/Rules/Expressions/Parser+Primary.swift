import AttuneModel

// The leaves: literals, lists, names, functions, brackets.
extension Parser {
  static let words = ["and", "or", "not", "in", "startsWith", "contains", "true", "false"]
  static let functions =
    ["exists"] + Term.CalendarPart.allCases.map(\.rawValue) + Term.Aggregate.allCases.map(\.rawValue)

  /// Constants of other languages, and what there is here.
  private static let foreign: [String: String] = {
    let missing = "a property that is missing or null: not exists(price)"
    var words = ["True": "true", "TRUE": "true", "False": "false", "FALSE": "false"]
    for word in ["null", "Null", "NULL", "nil", "None", "undefined", "NaN", "nan"] { words[word] = missing }
    return words
  }()

  mutating func primary() throws(SyntaxError) -> Typed {
    let token = current
    switch token.kind {
    case .number(let number):
      advance()
      return (.literal(.number(number)), .number, token.offset)
    case .text(let text):
      advance()
      return (.literal(.string(text)), .string, token.offset)
    case .sign("("):
      advance()
      let inner = try disjunction()
      try require(sign: ")")
      return (inner.term, inner.kind, token.offset)
    case .sign("["):
      advance()
      return (.literal(.list(try items())), .list, token.offset)
    case .word(let word):
      if word == "true" || word == "false" {
        advance()
        return (.literal(.bool(word == "true")), .bool, token.offset)
      }
      if word == "startsWith" || word == "contains" {
        throw SyntaxError(token.offset, "'\(word)' stands between two values", hint: "write title \(word) 'x'")
      }
      guard !Self.words.contains(word) else { throw unexpected("a value") }
      advance()
      return current.kind == .sign("(") ? try call(word, token.offset) : try name(word, token.offset)
    case .sign, .end: throw unexpected("a value")
    }
  }

  /// Constants between `[` and `]`.
  private mutating func items() throws(SyntaxError) -> [Value] {
    var values: [Value] = []
    while !accept(sign: "]") {
      if !values.isEmpty { try require(sign: ",") }
      values.append(try constant())
    }
    return values
  }

  private mutating func constant() throws(SyntaxError) -> Value {
    let sign = accept(sign: "-") ? -1.0 : nil
    let token = current
    advance()
    switch token.kind {
    case .number(let number): return .number(number * (sign ?? 1))
    case .text(let text) where sign == nil: return .string(text)
    case .word("true") where sign == nil: return .bool(true)
    case .word("false") where sign == nil: return .bool(false)
    default:
      throw SyntaxError(
        token.offset, "expected a number, a text, true or false in the list, found \(token.shown)",
        hint: "texts stand in quotes: ['a', 'b']")
    }
  }

  private mutating func name(_ path: String, _ offset: Int) throws(SyntaxError) -> Typed {
    if let meant = Self.foreign[path], !scope.aliases.contains(path) {
      notice(offset, "'\(path)' is no constant here", hint: "write \(meant)")
    }
    let parts = path.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2, parts[0] == "profile" {
      guard scope.seesProfile else {
        throw SyntaxError(
          offset, "only a rule of one user, 'user' in its key and its matches for them, has a profile to ask",
          hint: "add 'user' to the key, or let the events carry what is needed")
      }
      return (.profile(parts[1]), .unknown, offset)
    }
    if let step = scope.aliases.firstIndex(of: parts[0]) {
      guard scope.seesMatched else {
        throw SyntaxError(
          offset, "'\(parts[0])' is another event, and this looks only at the event at hand",
          hint: "compare with earlier events in 'where'")
      }
      if step == scope.visible, scope.seesEvent {
        throw SyntaxError(
          offset, "'\(parts[0])' is this very step, whose event's properties stand alone",
          hint: parts.count == 2 ? "write \(parts[1])" : "write price, and not \(parts[0]).price")
      }
      guard step < scope.visible else {
        throw SyntaxError(offset, "'\(parts[0])' is not matched yet at this step", hint: "only earlier steps are known")
      }
      guard parts.count == 2 else {
        throw SyntaxError(
          offset, "'\(parts[0])' is a matched event, not a value", hint: "write \(parts[0]).price or count(\(parts[0]))"
        )
      }
      return try taken(parts[1], ofStep: step, offset)
    }
    guard scope.seesEvent else { throw unknown(path, offset) }
    if aggregated.isOpen { throw SyntaxError(offset, "an aggregate goes over an alias", hint: "write v.\(path)") }
    if let misnamed = Attribute.misnamed[path] { notice(offset, misnamed.message, hint: misnamed.hint) }
    let attribute = Attribute(path)
    return (.event(attribute), attribute.kind, offset)
  }

  private mutating func taken(_ name: String, ofStep step: Int, _ offset: Int) throws(SyntaxError) -> Typed {
    if aggregated.isOpen {
      if let other = aggregated.step, other != step {
        throw SyntaxError(offset, "an aggregate goes over one alias, this one has two")
      }
      aggregated.step = step
    }
    if let misnamed = Attribute.misnamed[name] { notice(offset, misnamed.message, hint: misnamed.hint) }
    let attribute = Attribute(name)
    if attribute == .time { return (.takenTime(step: step), .number, offset) }
    return (.taken(step: step, index: scope.keep(attribute, ofStep: step)), attribute.kind, offset)
  }

  private func unknown(_ path: String, _ offset: Int) -> SyntaxError {
    let aliases = scope.aliases.compactMap { $0 }
    guard !aliases.isEmpty else {
      return SyntaxError(
        offset, "nothing is called '\(path)' here",
        hint: scope.aliases.isEmpty
          ? "only profile.* is known: profile.\(path)?"
          : "give a step a name with 'as: v' and write v.\(path); a text stands in quotes inside: \"'\(path)'\"")
    }
    let first = String(path.prefix { $0 != "." })
    let hint = nearest(to: first, among: aliases).map { "did you mean '\($0)'?" }
    return SyntaxError(
      offset, "nothing is called '\(path)' here",
      hint: hint ?? "known are profile.* and \(aliases.map { "\($0).*" }.joined(separator: ", "))")
  }

  private mutating func call(_ function: String, _ offset: Int) throws(SyntaxError) -> Typed {
    try require(sign: "(")
    if current.kind == .sign(")"), let example = Self.example(of: function) {
      throw SyntaxError(current.offset, "\(function)() says nothing of what", hint: "write \(example)")
    }
    let result: Typed
    if function == "exists" {
      let inner = try primary()
      switch inner.term {
      case .event, .taken, .takenTime, .profile: result = (.exists(inner.term), .bool, offset)
      default: throw SyntaxError(inner.offset, "exists asks for a property", hint: "exists(price)")
      }
    } else if let part = Term.CalendarPart(rawValue: function) {
      let inner = try disjunction()
      try expect(.number, inner)
      result = (.calendar(part, zone, inner.term), .number, offset)
    } else if let kind = Term.Aggregate(rawValue: function) {
      result = try aggregate(kind, offset)
    } else {
      let near = nearest(to: function, among: Self.functions).map { "did you mean '\($0)'?" }
      throw SyntaxError(
        offset, "there is no function '\(function)'",
        hint: near ?? "there are \(Self.functions.joined(separator: ", "))")
    }
    try require(sign: ")")
    return result
  }

  private static func example(of function: String) -> String? {
    if function == "exists" { return "exists(price)" }
    if let part = Term.CalendarPart(rawValue: function) { return "\(part.rawValue)(ts)" }
    return Term.Aggregate(rawValue: function).map { $0 == .count ? "count(v)" : "\($0.rawValue)(v.price)" }
  }

  private mutating func aggregate(_ kind: Term.Aggregate, _ offset: Int) throws(SyntaxError) -> Typed {
    guard !aggregated.isOpen else { throw SyntaxError(offset, "an aggregate cannot stand inside another") }
    if kind == .count, case .word(let alias) = current.kind, let step = scope.aliases.firstIndex(of: alias),
      step < scope.visible, scope.seesMatched
    {
      advance()
      return (.aggregate(.count, step: step, nil), .number, offset)
    }
    aggregated = (true, nil)
    let inner = try disjunction()
    guard let step = aggregated.step else {
      throw SyntaxError(inner.offset, "\(kind.rawValue) goes over an alias", hint: "write \(kind.rawValue)(v.price)")
    }
    aggregated = (false, nil)
    let ofNumbers: Bool = [.sum, .avg, .min, .max].contains(kind)
    if ofNumbers { try expect(.number, inner) }
    let keepsKind = kind == .first || kind == .last
    return (.aggregate(kind, step: step, inner.term), keepsKind ? inner.kind : .number, offset)
  }
}

extension Attribute {
  /// What is known of its value before any event.
  fileprivate var kind: Parser.Kind {
    switch self {
    case .user, .type: .string
    case .time: .number
    case .property: .unknown
    }
  }
}
