import ArgumentParser
import AttuneModel
import CommandSupport
import Foundation
import Insight

struct BenchRules: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "Rules alone: events a second, and memory a key, beside Apache Flink.",
    discussion: """
      One thread. The same invented events and rules were given to Apache Flink CEP 2.3.0; matches and checksum are to \
      be the same for a million events of 100,000 users with seed 42. A ratio is to Flink's events per second of \
      processor, as measured on a machine of two cores.
      """)

  /// What is measured: one workload, all of them, or memory.
  enum Workload: Hashable, ExpressibleByArgument {
    case one(RuleWorkload), all, state

    init?(argument: String) {
      switch argument {
      case "all": self = .all
      case "state": self = .state
      default:
        guard let workload = RuleWorkload(rawValue: argument) else { return nil }
        self = .one(workload)
      }
    }

    static let allValueStrings = RuleWorkload.allCases.map(\.rawValue) + ["all", "state"]
  }

  @Option(help: "What is measured.") var workload = Workload.all
  @Option(help: "Events, from a seed.") var events = 1_000_000
  @Option(help: "Users.") var users = 100_000
  @Option(help: "Seed.") var seed: UInt64 = 42
  @Option(help: "With state: keys, each with an open attempt.") var keys = 10_000_000
  @Option(help: "Open attempts of one rule and key (default: no limit).") var attempts: Int?
  @Option(help: "Runs; the median counts.") var runs = 5
  @Flag(help: "Events arrive up to five seconds late.") var outOfOrder = false
  @Flag(help: "Print the events as CSV (seq,ts,user,type,item), and measure nothing.") var csv = false
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if events < 1 || events > 100_000_000 { throw ValidationError("--events is from 1 to 100000000") }
    if users < 1 || users > 1_000_000_000 { throw ValidationError("--users is from 1 to 1000000000") }
    if keys < 1 || keys > 1_000_000_000 { throw ValidationError("--keys is from 1 to 1000000000") }
    if runs < 1 || runs > 1000 { throw ValidationError("--runs is from 1 to 1000") }
    if let attempts, attempts < 1 { throw ValidationError("--attempts is from 1") }
  }

  func run() throws {
    if csv { return printEvents() }
    switch workload {
    case .one(let workload):
      let figures = try measure(workload)
      try print([figures], isSingle: true)
    case .all: try print(try measureAll(), isSingle: false)
    case .state:
      let figures = try RuleStateBenchmark(keys: keys).measure()
      if json { try Terminal.out(json: figures) } else { Terminal.out(RuleReport.text(figures)) }
    }
  }

  private var traffic: RuleTraffic {
    RuleTraffic(events: events, users: users, seed: seed, isOutOfOrder: outOfOrder)
  }

  private func printEvents() {
    let traffic = traffic
    for range in (0..<events).batches(of: 10_000) { Terminal.out(bytes: Array(traffic.csv(range).utf8)) }
  }

  private func measure(_ workload: RuleWorkload) throws -> RuleFigures {
    var figures = try RuleBenchmark(workload, traffic, attempts: attempts).measure(runs: runs)
    if let answer = workload.answer, events == 1_000_000, users == 100_000, seed == 42, attempts == nil {
      figures.agrees = figures.matches == answer.matches && figures.checksum == answer.checksum.hexadecimal
    }
    return figures
  }

  private func measureAll() throws -> [RuleFigures] {
    defer { Terminal.endProgress() }
    return try RuleWorkload.allCases.enumerated().map { place, workload in
      Terminal.progress("measuring", Double(place) / Double(RuleWorkload.allCases.count), workload.rawValue)
      return try measureInChild(workload)
    }
  }

  /// What one workload leaves in memory and caches does not touch the next.
  private func measureInChild(_ workload: RuleWorkload) throws -> RuleFigures {
    let child = try ChildProcess(
      bench: [
        "rules", "--json", "--workload", workload.rawValue, "--events", "\(events)", "--users", "\(users)",
        "--seed", "\(seed)", "--runs", "\(runs)",
      ] + (attempts.map { ["--attempts", "\($0)"] } ?? []) + (outOfOrder ? ["--out-of-order"] : []))
    defer { child.stop() }
    guard let figures = try? JSONDecoder().decode(RuleFigures.self, from: child.wholeOutput()) else {
      throw child.failure("no figures of \(workload.rawValue)")
    }
    return figures
  }

  /// - Throws: an exit code of 1 when an answer is not Flink's.
  private func print(_ figures: [RuleFigures], isSingle: Bool) throws {
    if json {
      if isSingle { try Terminal.out(json: figures[0]) } else { try Terminal.out(json: ["workloads": figures]) }
    } else {
      Terminal.out(RuleReport.text(figures, events: events, users: users, seed: seed, isOutOfOrder: outOfOrder))
    }
    if figures.contains(where: { $0.agrees == false }) { throw ExitCode(1) }
  }
}
