public import AttuneModel

extension RuleSet {
  /// A `MATCH_RECOGNIZE` query of Flink SQL for each rule, over a table of events: columns `user`, `event`, `ts` (epoch
  /// milliseconds), a column for each property that rules ask for, and the time attribute `rowtime`.
  ///
  /// - Parameter table: its name, with dots between catalog, database and table.
  /// - Throws: `Diagnostics` with every rule that has no such query, its place and why.
  public func flinkSQL(table: String) throws(Diagnostics) -> String {
    var diagnostics = Diagnostics()
    var queries: [String] = []
    for rule in rules {
      do throws(SQLRefusal) {
        queries.append("-- \(rule.name) (\(rule.mark))\n" + (try MatchRecognize(rule)).query(table: table))
      } catch {
        diagnostics.error(
          error.step.map(rule.place(ofStep:)) ?? rule.mark,
          "'\(rule.name)' has no form in Flink SQL: \(error.message)",
          hint: error.hint)
      }
    }
    guard diagnostics.errors.isEmpty else { throw diagnostics }
    return queries.joined(separator: "\n\n")
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
