import Insight

/// What `bench rules` prints.
enum RuleReport {
  static func text(
    _ figures: [RuleFigures], events: Int, users: Int, seed: UInt64, isOutOfOrder: Bool
  ) -> String {
    var table = TextTable([
      "workload", "matches", "checksum", "Flink's", "seconds", "events/s", "events/CPU-s", "Flink", "ratio", "target",
      "bytes a key",
    ])
    let ten = figures.first { $0.workload == RuleWorkload.rules10.rawValue }
    for row in figures {
      let workload = RuleWorkload(rawValue: row.workload)
      table.add([
        row.workload, row.matches.grouped, row.checksum, row.agrees.map { $0 ? "yes" : "NO" } ?? "-",
        row.seconds.decimal(3), Int(row.eventsPerSecond).grouped, Int(row.eventsPerCPUSecond).grouped,
        row.flinkEventsPerCPUSecond.map { Int($0).grouped } ?? "-",
        row.ratio.map { $0.decimal(0) + "x" } ?? "-",
        workload?.target.map { $0.decimal(0) + "x" } ?? "-",
        row.bytesPerKey.map { $0.decimal(0) } ?? "-",
      ])
    }
    var text = """
      \(events.grouped) events of \(users.grouped) users, seed \(seed), \(isOutOfOrder ? "out of order" : "in order"); \
      one thread

      \(table.text)
      """
    if let ten, let thousand = figures.first(where: { $0.workload == RuleWorkload.rules1000.rawValue }) {
      let share = thousand.eventsPerCPUSecond / max(1, ten.eventsPerCPUSecond)
      text += "\n\n1,000 rules of which an event concerns 10: \(share.decimal(2)) of rules10's rate"
    }
    let refused = figures.reduce(0) { $0 + $1.refusedAttempts }
    if refused > 0 { text += "\n\n\(refused.grouped) attempts were not opened" }
    return text
  }

  static func text(_ figures: RuleStateFigures) -> String {
    func told(_ bytes: Double?) -> String { bytes.map { $0.decimal(0) } ?? "an unknown number of" }
    return """
      \(figures.keys.grouped) keys, each with an open attempt that has matched two of three steps: \
      \(told(figures.bytesPerKey)) bytes a key, \
      \(figures.residentBytes.map { (Double($0) / 1e9).decimal(2) + " GB" } ?? "-") in all
      after one event each: \(told(figures.bytesPerKeyAfterOneEvent)) bytes a key
      \(Int(figures.eventsPerSecond).grouped) events/s, \(Int(figures.eventsPerCPUSecond).grouped) events/CPU-s, one \
      thread
      """
  }
}
