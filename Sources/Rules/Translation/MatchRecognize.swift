import AttuneModel

/// A `MATCH_RECOGNIZE` query, as far as Flink SQL has it: variables in a row, no groups, no alternatives, one row a match.
struct MatchRecognize: Hashable, Sendable {
  var partition: [String]
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
  /// The instant of the last row, as a time attribute.
  private static let time = "MATCH_ROWTIME() AS `matched_at`"

  /// The query over a table of events.
  func query(table: String) -> String {
    let quoted = SQLExpression.quoted
    let measures = measures.map { "\($0.value) AS \(quoted($0.name))" } + [Self.time]
    let variables = pattern.map { $0.name + $0.quantifier.rawValue }.joined(separator: " ")
    let definitions = pattern.map { "\($0.name) AS \($0.condition)" }
    return """
      SELECT *
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
