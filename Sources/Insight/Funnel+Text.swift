import AttuneModel

extension Funnel {
  /// A table for a terminal: a row each, and the total. Columns in which nothing happened are left out.
  public var table: String {
    let shown = Self.stages.filter { stage in rows.contains { $0[stage.stage] > 0 } }
    let opens = rows.contains { $0[.opened] > 0 && $0.openRate != nil }
    var table = TextTable([dimension.rawValue] + shown.map(\.title) + (opens ? ["open rate"] : []))
    for row in rows + (dimension == .filter ? [] : [total]) {
      let rate = opens ? [row.openRate.map { $0.percent() } ?? ""] : []
      table.add([row.name] + shown.map { row[$0.stage].grouped } + rate)
    }
    return table.text
  }

  /// What refused how many, a column a filter or dimension of fatigue; nil where nothing was refused.
  public var refusalTable: String? {
    let reasons = total.refusals.keys.sorted()
    let refused = rows.filter { !$0.refusals.isEmpty }
    if refused.isEmpty || dimension == .filter { return nil }
    var table = TextTable(["refused by"] + reasons)
    for row in refused + [total] { table.add([row.name] + reasons.map { (row.refusals[$0] ?? 0).grouped }) }
    return table.text
  }

  /// The whole funnel as bars, with what refused most beneath.
  public func chart(width: Int = 46) -> String {
    let steps: [(String, Int)] = [
      ("matched", total[.matched]), ("routed", total[.routed]), ("sent", total[.sent]),
      ("reserved", total[.reserved]), ("accepted", total[.taken]),
      ("delivered", total[.delivered]), ("opened", total[.opened]), ("converted", total[.converted]),
    ].filter { $0.1 > 0 }
    let refusals = total.refusals.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    let largest = max(1, steps.map(\.1).max() ?? 1)
    let label = (steps + refusals).map(\.0.terminalWidth).max() ?? 0
    func line(_ name: String, _ count: Int, _ cell: Character) -> String {
      name.padded(to: label) + "  " + Bar.text(Double(count) / Double(largest), width: width, cell, of: count)
    }
    var lines = steps.map { line($0.0, $0.1, "█") }
    if !refusals.isEmpty { lines += ["", "kept from the user by"] + refusals.map { line($0.0, $0.1, "▒") } }
    return lines.joined(separator: "\n")
  }
}
