import Insight

/// What `bench fatigue --http` prints.
struct HTTPReport {
  private let figures: HTTPFigures

  init(_ figures: HTTPFigures) { self.figures = figures }

  var text: String {
    var table = TextTable([
      "request", "a second", "p50 ms", "p99 ms", "p999 ms", "pass", "µs server", "µs generator",
    ])
    add("GET /livez (empty handler)", figures.empty, to: &table)
    add("one durable reservation", figures.single, to: &table)
    add("\(figures.batch) durable reservations", figures.batches, to: &table)
    return """
      \(figures.connections) keep-alive connections, by turns, median of \(figures.runs) runs; µs of processor a request

      \(table.text)

      One reservation a request: \(figures.ratio.decimal(2)) of the empty handler (target: 0.6)
      In batches: \(Int(figures.reservesPerSecond).grouped) reservations/s (target: 150,000)
      """
  }

  private func add(_ name: String, _ kind: HTTPFigures.Kind, to table: inout TextTable) {
    func number(_ value: Double?) -> String { value.map { $0.decimal(1) } ?? "-" }
    table.add([
      name, Int(kind.perSecond).grouped, number(kind.latency.p50), number(kind.latency.p99), number(kind.latency.p999),
      kind.passing.map { $0.percent(0) } ?? "-", number(kind.serverMicroseconds),
      number(kind.generatorMicroseconds),
    ])
  }
}

/// What `bench fatigue --hold` prints: a line while it goes on, and a summary.
struct HoldReport {
  private let figures: HoldFigures

  init(_ figures: HoldFigures) { self.figures = figures }

  static let header = row(["second", "a second", "p50 ms", "p99 ms", "max ms", "pass", "server", "store", "errors"])

  static func line(_ interval: HoldFigures.Interval) -> String {
    row([
      String(Int(interval.second.rounded())), Int(interval.perSecond).grouped, milliseconds(interval.latency.p50),
      milliseconds(interval.latency.p99), milliseconds(interval.latency.max),
      interval.passing.percent(0), megabytes(interval.residentBytes), megabytes(interval.storeBytes),
      interval.errors.grouped,
    ])
  }

  var summary: String {
    let latency = figures.latency
    let memory = figures.memory
    return """

      \(figures.requests.grouped) reservations in \(Int(figures.seconds.rounded()).grouped) s, \
      \(figures.perSecond.grouped) a second were due; errors: \(figures.errors.grouped)\(figures.firstError.map { ", the first: \($0)" } ?? "")
      Latency from when each was due: p50 \(Self.milliseconds(latency.p50)) ms, p99 \(Self.milliseconds(latency.p99)) ms, \
      p999 \(Self.milliseconds(latency.p999)) ms, max \(Self.milliseconds(latency.max)) ms
      The server's memory: \(Self.megabytes(memory.minute)) after a minute, \(Self.megabytes(memory.half)) at half time, \
      \(Self.megabytes(memory.end)) at the end
      """
  }

  private static func row(_ cells: [String]) -> String { TextTable.line(cells, cells.map { _ in 8 }) }

  private static func milliseconds(_ value: Double) -> String { value.decimal(1) }

  private static func megabytes(_ bytes: Int?) -> String { bytes.map { "\(($0 / 1_000_000).grouped) MB" } ?? "-" }
}
