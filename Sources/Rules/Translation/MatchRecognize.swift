import AttuneModel

/// A `MATCH_RECOGNIZE` query, as far as Flink SQL has it: variables in a row, no groups, no alternatives, one row a match.
struct MatchRecognize: Hashable, Sendable {
  /// The key, in its order.
  var partition: [String]
  /// What a match tells beside the key.
  var measures: [Measure]
  var skip: Skip
  var pattern: [Variable]
  /// Last row - first row < this.
  var within: TimeSpan?

  struct Variable: Hashable, Sendable {
    var name: String
    var quantifier: Quantifier
    /// Of the row at hand, which is the last one mapped to the variable.
    var condition: SQLExpression
  }

  enum Quantifier: String, Hashable, Sendable {
    case one = ""
    /// As few as possible.
    case reluctant = "*?"
  }

  struct Measure: Hashable, Sendable {
    var name: String
    var value: SQLExpression
  }

  enum Skip: Hashable, Sendable {
    case toNextRow
    case pastLastRow
    case toVariable(String)
  }
}

extension MatchRecognize {
  /// When the last row was, in epoch milliseconds. `MATCH_ROWTIME()` is when the match is told, which may be later.
  static let instant = "matched_at"

  /// The query over a table of events. The key's values are measures too, chosen by name: columns of the partition come
  /// in the table's order under the names of this one.
  func query(table: String) -> String {
    let quoted = SQLExpression.quoted
    let first = pattern.first?.name ?? ""
    let last = pattern.last?.name ?? ""
    let names = partition.indices.map { "key_\($0 + 1)" }
    let key = zip(partition, names).map {
      Measure(name: $1, value: .column(variable: first, name: $0))
    }
    let at = Measure(name: Self.instant, value: .column(variable: last, name: Attribute.time.column))
    let emitted = measures.enumerated().map { Measure(name: "emit_\($0 + 1)", value: $1.value) }
    let measures = (key + emitted + [at]).map { "\($0.value) AS \(quoted($0.name))" }
    let selected =
      zip(names, partition).map { "\(quoted($0)) AS \(quoted($1))" }
      + zip(emitted, self.measures).map { "\(quoted($0.name)) AS \(quoted($1.name))" } + [quoted(Self.instant)]
    let variables = pattern.map { $0.name + $0.quantifier.rawValue }.joined(separator: " ")
    let definitions = pattern.map { "\($0.name) AS \($0.condition)" }
    return """
      SELECT \(selected.joined(separator: ", "))
      FROM \(table.split(separator: ".").map { quoted(String($0)) }.joined(separator: "."))
      MATCH_RECOGNIZE (
        PARTITION BY \(partition.map(quoted).joined(separator: ", "))
        ORDER BY `rowtime`
        MEASURES
          \(measures.joined(separator: ",\n    "))
        ONE ROW PER MATCH
        AFTER MATCH \(skip.text)
        PATTERN (\(variables))\(within.map { " WITHIN \($0.interval)" } ?? "")
        DEFINE
          \(definitions.joined(separator: ",\n    "))
      );
      """
  }
}

extension MatchRecognize.Skip {
  fileprivate var text: String {
    switch self {
    case .toNextRow: "SKIP TO NEXT ROW"
    case .pastLastRow: "SKIP PAST LAST ROW"
    case .toVariable(let name): "SKIP TO FIRST \(name)"
    }
  }
}

extension TimeSpan {
  /// `INTERVAL '2' HOUR`, or days and milliseconds where no unit states it in two digits.
  fileprivate var interval: String {
    let units: [(String, Int64)] = [("DAY", 86_400_000), ("HOUR", 3_600_000), ("MINUTE", 60_000), ("SECOND", 1000)]
    for (unit, size) in units where milliseconds % size == 0 && milliseconds / size < 100 {
      return "INTERVAL '\(milliseconds / size)' \(unit)"
    }
    func digits(_ number: Int64, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
    let days = String(milliseconds / 86_400_000)
    let parts = [(3_600_000, 24), (60_000, 60), (1000, 60)].map { digits(milliseconds / $0 % $1, 2) }
    let clock = "\(parts.joined(separator: ":")).\(digits(milliseconds % 1000, 3))"
    return "INTERVAL '\(days) \(clock)' DAY(\(days.utf8.count)) TO SECOND(3)"
  }
}
