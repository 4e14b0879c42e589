import AttuneModel
import Foundation
import TestSupport
import Testing

@testable import attune_bench

/// The benchmark of rules: its events are those that Flink was given, and its answers those of a plain loop.
@Suite struct RuleBenchmarkTests {
  /// FNV-1a, as an independent program computed it over the same thousand lines.
  @Test(arguments: [(false, 0x1218_d475_048a_5471), (true, 0xb671_a460_e49a_3faf)] as [(Bool, UInt64)])
  func eventsAreThoseOfTheDescription(isOutOfOrder: Bool, expected: UInt64) {
    let traffic = RuleTraffic(events: 1000, users: 100_000, seed: 42, isOutOfOrder: isOutOfOrder)
    let lines = traffic.csv(0..<1000)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in lines.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    #expect(hash == expected)
    #expect(lines.hasPrefix(isOutOfOrder ? "16,1700000000076,52796,view,19\n" : "0,1700000000006,91371,view,5\n"))
  }

  @Test(arguments: RuleWorkload.allCases.filter { $0 != .rules1000 }, [false, true])
  func answersAreThoseOfAPlainLoop(workload: RuleWorkload, isOutOfOrder: Bool) throws {
    let traffic = RuleTraffic(events: 20_000, users: 2000, seed: 7, isOutOfOrder: isOutOfOrder)
    let run = try RuleBenchmark(workload, traffic, attempts: nil).run()
    var loop = PlainLoop()
    loop.run(workload, traffic.rows.sorted { $0.sequence < $1.sequence })
    #expect(run.matches > 100 && run.refusedAttempts == 0)
    #expect(run.matches == loop.matches && run.checksum == loop.checksum)
  }

  /// Each of a hundred copies sees a hundredth of the events.
  @Test func aThousandRules() throws {
    let traffic = RuleTraffic(events: 5000, users: 20, seed: 7, isOutOfOrder: false)
    var loop = PlainLoop()
    for copy in 0..<100 { loop.run(.rules10, traffic.rows.filter { $0.sequence % 100 == copy }) }
    let run = try RuleBenchmark(.rules1000, traffic, attempts: nil).run()
    #expect(run.matches > 100 && run.matches == loop.matches && run.checksum == loop.checksum)
  }

  private struct Figures: Decodable {
    var workload: String
    var matches: Int
    var checksum: String
    var seconds: Double
    var eventsPerSecond: Double
    var eventsPerCPUSecond: Double
    var agrees: Bool?

    enum CodingKeys: String, CodingKey {
      case workload, matches, checksum, seconds, agrees
      case eventsPerSecond = "events_per_second"
      case eventsPerCPUSecond = "events_per_cpu_second"
    }
  }

  @Test func theCommand() async throws {
    let traffic = RuleTraffic(events: 5000, users: 100, seed: 3, isOutOfOrder: true)
    var loop = PlainLoop()
    loop.run(.absent, traffic.rows.sorted { $0.sequence < $1.sequence })
    let outcome = try await bench(
      "rules", "--workload", "absent", "--events", "5000", "--users", "100", "--seed", "3", "--out-of-order",
      "--runs", "1", "--json")
    let figures: Figures = try outcome.decoded()
    #expect(outcome.code == 0 && figures.workload == "absent" && figures.agrees == nil, "\(outcome)")
    #expect(figures.matches == loop.matches && figures.checksum == loop.checksum.hexadecimal)
    #expect(figures.seconds > 0 && figures.eventsPerSecond > 0 && figures.eventsPerCPUSecond > 0)

    let all = try await bench("rules", "--events", "300", "--users", "10", "--runs", "1")
    #expect(all.code == 0, "\(all)")
    for workload in RuleWorkload.allCases { #expect(all.output.contains("\n\(workload.rawValue) "), "\(all)") }
    let state = try await bench("rules", "--workload", "state", "--keys", "2000", "--json")
    #expect(state.code == 0 && state.output.contains(#""matches":1000"#), "\(state)")
    #expect(try await bench("rules", "--workload", "abc").code == 64)
  }
}

/// The workloads, each written out for itself.
private struct PlainLoop {
  private(set) var matches = 0
  private(set) var checksum: UInt64 = 0
  private typealias Row = RuleTraffic.Row

  mutating func run(_ workload: RuleWorkload, _ rows: [RuleTraffic.Row]) {
    switch workload {
    case .ab: pairs(rows, "view", "buy", 10)
    case .count3: count3(rows)
    case .absent: absent(rows)
    case .omega: omega(rows)
    case .rules10, .rules1000:
      for name in ["view", "fav", "chat", "cart", "share"] { pairs(rows, name, "buy", 10) }
      for (first, second, minutes) in [("fav", "chat", 5), ("cart", "chat", 5), ("share", "view", 5)]
        as [(String, String, Int64)]
      {
        pairs(rows, first, second, minutes)
      }
      for name in ["fav", "chat"] { pairs(rows, name, "cart", 15) }
    }
  }

  private mutating func match(_ rows: [Row]) {
    matches += 1
    checksum &+= rows.reduce(0) { mix64($0 ^ UInt64($1.sequence + 1)) }
  }

  private func name(_ row: Row) -> String { RuleTraffic.types[row.type] }

  private mutating func pairs(_ rows: [Row], _ first: String, _ second: String, _ minutes: Int64) {
    var open: [Int: [Row]] = [:]
    for row in rows {
      if name(row) == first { open[row.user, default: []].append(row) }
      guard name(row) == second else { continue }
      for start in open[row.user] ?? [] where row.at - start.at < minutes * 60_000 { match([start, row]) }
      open[row.user] = []
    }
  }

  private mutating func count3(_ rows: [Row]) {
    var open: [Int: [Row]] = [:]
    for row in rows where name(row) == "view" {
      let three = (open[row.user] ?? []).filter { row.at - $0.at < 600_000 } + [row]
      open[row.user] = three.count == 3 ? [] : three
      if three.count == 3 { match(three) }
    }
  }

  private mutating func absent(_ rows: [Row]) {
    var open: [Int: [Row]] = [:]
    for row in rows {
      if name(row) == "cart" { open[row.user, default: []].append(row) }
      guard name(row) == "buy" else { continue }
      for cart in open[row.user] ?? [] where row.at - cart.at >= 1_800_000 { match([cart]) }
      open[row.user] = []
    }
    for cart in open.values.joined() { match([cart]) }
  }

  private mutating func omega(_ rows: [Row]) {
    var open: [[Int]: [Row]] = [:]
    for row in rows {
      let key = [row.user, row.item]
      settle(&open[key, default: []], until: row.at)
      if name(row) == "view" { open[key]?.append(row) }
      if name(row) == "buy" { open[key] = [] }
    }
    for key in open.keys { settle(&open[key, default: []], until: .max) }
  }

  /// The first view's half hour is over: it matches with the next two if they came in time.
  private mutating func settle(_ views: inout [Row], until now: Int64) {
    while let first = views.first, first.at + 1_800_000 <= now {
      let three = views.prefix(3).filter { $0.at - first.at < 1_800_000 }
      if three.count == 3 { match(three) }
      views.removeFirst(three.count == 3 ? 3 : 1)
    }
  }
}
