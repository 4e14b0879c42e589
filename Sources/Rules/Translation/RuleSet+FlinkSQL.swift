public import AttuneModel

extension RuleSet {
  /// A `MATCH_RECOGNIZE` query of Flink SQL for each rule, over a table of events: columns `user`, `event`, `ts` (epoch
  /// milliseconds), a column for each property that rules ask for, and the time attribute `rowtime`.
  ///
  /// - Parameters:
  ///   - table: its name, with dots between catalog, database and table.
  ///   - columns: those of properties with their types, `item STRING, price DOUBLE`; nil: as the rules use them.
  ///   - warnings: gets what the queries do not see.
  /// - Throws: `Diagnostics` with every rule that has no such query, its place and why.
  public func flinkSQL(
    table: String, columns declared: String? = nil, warnings: inout Diagnostics
  ) throws(Diagnostics) -> String {
    var diagnostics = Diagnostics()
    guard let columns = declared.map(SQLColumns.init(declared:)) ?? SQLColumns(usedBy: rules) else {
      diagnostics.error(
        Mark(file: "--columns", line: 1, column: 1), "a column has a name and one of STRING, BOOLEAN and the numbers",
        hint: "item STRING, price DOUBLE")
      throw diagnostics
    }
    var queries: [String] = []
    for rule in rules {
      do throws(SQLRefusal) {
        let query = try MatchRecognize(rule, columns: columns)
        queries.append("-- \(rule.name) (\(rule.mark))\n" + query.query(table: table))
        if rule.key.count > 1, rule.pattern.steps.mostEvents != 1 {
          warnings.warning(
            rule.mark,
            "'\(rule.name)' takes events here that carry only part of its key (\(rule.key.joined(separator: ", "))); "
              + "its query does not see them", hint: "give every event all of the key there")
        }
      } catch {
        diagnostics.error(
          error.step.map(rule.place(ofStep:)) ?? rule.mark,
          "'\(rule.name)' has no form in Flink SQL: \(error.message)",
          hint: error.hint)
      }
    }
    guard diagnostics.errors.isEmpty else { throw diagnostics }
    return columns.text + queries.joined(separator: "\n\n")
  }
}

/// Why something has no form in Flink SQL.
struct SQLRefusal: Error {
  var message: String
  var hint: String?
  /// Which step it is about; nil: the rule.
  var step: Int?

  init(_ message: String, hint: String? = nil, step: Int? = nil) {
    self.message = message
    self.hint = hint
    self.step = step
  }
}
