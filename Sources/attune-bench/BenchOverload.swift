import ArgumentParser
import CommandSupport
import Insight

struct BenchOverload: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "overload",
    abstract: "What a server still does while it gets three times the events that it can take.",
    discussion: """
      A campaign is sent at rest and under the flood; orders and reservations come meanwhile. Server and load generator \
      share this machine's processors.
      """)

  @Option(help: "Connections that send events.") var connections = 64
  @Option(help: "Events that are offered, times what the server takes.") var factor = 3.0
  @Option(help: "Users of the campaign.") var users = 100_000
  @Option(help: "Seed.") var seed: UInt64 = 42
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if !(1...1000).contains(connections) { throw ValidationError("--connections is from 1 to 1000") }
    if !(0.1...100).contains(factor) { throw ValidationError("--factor is from 0.1 to 100") }
    if !(1...1_000_000).contains(users) { throw ValidationError("--users is from 1 to 1000000") }
  }

  func run() throws {
    let benchmark = OverloadBenchmark(connections: connections, factor: factor, users: users, seed: seed)
    let figures = try benchmark.measure { Terminal.progress("measuring", nil, $0) }
    Terminal.endProgress()
    if json { try Terminal.out(json: figures) } else { Terminal.out(Self.text(figures)) }
  }

  private static func text(_ figures: OverloadFigures) -> String {
    func row(_ name: String, _ answered: OverloadFigures.Answered) -> [String] {
      let latency = answered.latency
      return [
        name, answered.requests.grouped, answered.turnedAway.grouped, latency.p50.decimal(1), latency.p99.decimal(1),
        latency.max.decimal(1),
      ]
    }
    var table = TextTable(["meanwhile", "requests", "turned away", "p50 ms", "p99 ms", "max ms"])
    table.add(row("orders to a campaign", figures.orders))
    table.add(row("reservations", figures.reservations))
    func number(_ value: Double) -> String { Int(value).grouped }
    return """
      events: \(number(figures.offered)) a second offered, \(number(figures.taken)) taken \
      (\(number(figures.capacity)) with nothing else to do)
      messages: \(number(figures.sentUnderLoad)) a second, \(number(figures.sentAtRest)) at rest: \
      \(figures.ratio.decimal(2)) (target: 0.9)

      \(table.text)

      errors: \(figures.errors.grouped)\(figures.firstError.map { ", the first: \($0)" } ?? "")
      """
  }
}
