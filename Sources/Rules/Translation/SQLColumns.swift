import AttuneModel

/// What the columns of the table of events hold: as its owner says, or as the rules use them.
struct SQLColumns: Sendable {
  enum Kind: String { case text = "STRING", number = "DOUBLE", truth = "BOOLEAN" }

  private(set) var kinds: [String: Kind] = ["user": .text, "event": .text, "ts": .number]
  /// Whether its owner said all there are.
  private let isDeclared: Bool
  /// Used as two kinds, where nothing is declared.
  private var torn: Set<String> = []
  private var names: Set<String> = []

  /// As the rules use them.
  init(usedBy rules: [Rule]) {
    isDeclared = false
    for rule in rules { names.formUnion(rule.columns) }
    // What one comparison tells of a column may tell of another: no more rounds than there are columns.
    var before = -1
    while before != kinds.count {
      before = kinds.count
      for rule in rules { learn(rule) }
    }
  }

  /// As written: `item STRING, price DOUBLE`. Nil when a column's type is none of texts, numbers or truth values.
  init?(declared text: String) {
    isDeclared = true
    var depth = 0
    let parts = text.split { character in
      depth += character == "(" ? 1 : character == ")" ? -1 : 0
      return character == "," && depth == 0
    }
    for part in parts {
      let words = part.split(whereSeparator: \.isWhitespace)
      guard words.count >= 2, let kind = Kind(sql: words[1]) else { return nil }
      kinds[String(words[0].drop { $0 == "`" }.prefix { $0 != "`" })] = kind
    }
    names = Set(kinds.keys)
  }

  /// What the queries take for granted, as a comment; nothing where it was declared.
  var text: String {
    guard !isDeclared else { return "" }
    let listed = names.union(["user", "event", "ts"]).sorted().map { name in
      "\(SQLExpression.quoted(name)) \(kinds[name].map { name == "ts" ? "BIGINT" : $0.rawValue } ?? "of any type")"
    }
    return "-- columns: \(listed.joined(separator: ", "))\n\n"
  }

  /// Whether an object of that name has members among the columns.
  func hasMembers(of name: String) -> Bool { names.contains { $0.hasPrefix(name + ".") } }

  /// Whether the rule asks for columns that there are, each of one kind.
  func check(_ rule: Rule) throws(SQLRefusal) {
    for name in rule.columns.sorted() {
      if isDeclared, kinds[name] == nil { throw SQLRefusal("the table has no column '\(name)'") }
      if torn.contains(name) {
        throw SQLRefusal(
          "'\(name)' is used as a number and as something else, and a column holds one kind",
          hint: "say which with --columns '\(name) STRING, ...'")
      }
    }
  }

  func kind(of term: Term, _ steps: [Pattern.Step]) -> Kind? {
    switch term {
    case .literal(.string): .text
    case .literal(.number), .takenTime, .calendar, .negative: .number
    case .literal(.bool), .not, .exists: .truth
    case .literal(.list), .profile: nil
    case .userID(let inner): kind(of: inner, steps)
    case .event(let attribute): kinds[attribute.column]
    case .taken(let step, let index): kinds[steps[step].kept[index].column]
    case .binary(.plus, _, _), .binary(.minus, _, _), .binary(.times, _, _), .binary(.divided, _, _): .number
    case .binary: .truth
    case .aggregate(.first, _, let inner?), .aggregate(.last, _, let inner?): kind(of: inner, steps)
    case .aggregate: .number
    }
  }
}

// How rules use them.
extension SQLColumns {
  private mutating func learn(_ rule: Rule) {
    let steps = rule.pattern.steps
    let filters = steps.flatMap { [$0.fit] + $0.forbidden }
    for condition in filters.compactMap(\.condition) + steps.compactMap(\.until)
      + [rule.pattern.having].compactMap(\.self)
    {
      want(condition.term, .truth, steps)
    }
    for expression in rule.pattern.expressions {
      expression.term.visit { learn($0, steps) }
    }
  }

  private mutating func learn(_ term: Term, _ steps: [Pattern.Step]) {
    switch term {
    case .not(let inner): want(inner, .truth, steps)
    case .negative(let inner), .calendar(_, _, let inner): want(inner, .number, steps)
    case .aggregate(.sum, _, let inner?), .aggregate(.avg, _, let inner?), .aggregate(.min, _, let inner?),
      .aggregate(.max, _, let inner?):
      want(inner, .number, steps)
    case .binary(let op, let left, let right):
      switch op {
      case .and, .or: wantBoth(.truth)
      case .plus, .minus, .times, .divided: wantBoth(.number)
      case .startsWith, .contains: wantBoth(.text)
      case .oneOf:
        guard case .literal(.list(let values)) = right else { return }
        let kinds = Set(values.map { kind(of: .literal($0), steps) })
        if kinds.count == 1, let kind = kinds.first ?? nil { want(left, kind, steps) }
      default:
        if let kind = kind(of: right, steps) { want(left, kind, steps) }
        if let kind = kind(of: left, steps) { want(right, kind, steps) }
      }
      func wantBoth(_ kind: Kind) {
        want(left, kind, steps)
        want(right, kind, steps)
      }
    default: break
    }
  }

  private mutating func want(_ term: Term, _ kind: Kind, _ steps: [Pattern.Step]) {
    switch term {
    case .userID(let inner): want(inner, kind, steps)
    case .event(let attribute): want(attribute.column, kind)
    case .taken(let step, let index): want(steps[step].kept[index].column, kind)
    case .aggregate(.first, _, let inner?), .aggregate(.last, _, let inner?): want(inner, kind, steps)
    default: break
    }
  }

  private mutating func want(_ column: String, _ kind: Kind) {
    if let known = kinds[column] {
      if known != kind { torn.insert(column) }
    } else {
      kinds[column] = kind
    }
  }
}

extension SQLColumns.Kind {
  fileprivate init?(sql name: Substring) {
    switch name.prefix(while: { $0 != "(" }).uppercased() {
    case "STRING", "VARCHAR", "CHAR": self = .text
    case "DOUBLE", "FLOAT", "REAL", "INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "DECIMAL", "NUMERIC", "DEC":
      self = .number
    case "BOOLEAN": self = .truth
    default: return nil
    }
  }
}

extension Rule {
  /// The columns its query asks for.
  fileprivate var columns: Set<String> {
    var names = Set(pattern.key.map(\.column))
    for step in pattern.steps { names.formUnion(step.kept.map(\.column)) }
    for expression in pattern.expressions {
      expression.term.visit { if case .event(let attribute) = $0 { names.insert(attribute.column) } }
    }
    return names
  }
}
