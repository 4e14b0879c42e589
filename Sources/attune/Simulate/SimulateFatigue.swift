import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
import Foundation
import Insight
import Runtime
import Simulation

struct SimulateFatigue: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fatigue",
    abstract: "The same candidates under Fatigue 1.0 and 2.0: repeats, periods that change, and the spread of reaches.",
    discussion: """
      A seeded population, and a recorded log as the configuration's rules and filters read it. Without --events it is \
      \(log), where there is such a file. What each line counts stands in docs/fatigue-1-and-2.md.
      """)

  /// Beside the repository, not in it.
  private static let log = "../shared/data/taobao-userbehavior/behaviour.ndjson.gz"

  @Option(help: "The same seed gives the same population.") var seed: UInt64 = 1
  @Option(help: "People in the population.") var users = 2000
  @Option(help: "Days of the population.") var days = 14
  @Option(help: "The log: NDJSON, plain or .gz.") var events: String?
  @Option(help: "The configuration folder that the log is read with.") var config = Examples.folder("market")
  @Option(help: "Write the distribution of gaps to this file, as SVG.") var plot: String?
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if users < 1 || users > 1_000_000 { throw ValidationError("--users is from 1 to 1000000") }
    // One before the operator's change and one after it.
    if days < 2 || days > 366 { throw ValidationError("--days is from 2 to 366") }
  }

  func run() throws {
    let experiment = try FatigueExperiment(seed: seed, users: users, days: days, log: try recorded())
    if let plot {
      do {
        try Data(BarChart.svg(experiment.results.map(\.chart)).utf8).write(to: URL(fileURLWithPath: plot))
      } catch { throw Failure.output("\(plot): cannot be written", error) }
    }
    if json {
      var text = JSONWriter()
      text.write(experiment)
      Terminal.out(text)
    } else {
      Terminal.out(experiment.text)
    }
  }

  /// Nil, and said so, where there is no log.
  private func recorded() throws -> FatigueTraffic? {
    guard let path = events ?? (FileManager.default.fileExists(atPath: Self.log) ? Self.log : nil) else {
      Terminal.note("no recorded log: the population alone (hint: give one with --events)")
      return nil
    }
    defer { Terminal.endProgress() }
    return try FatigueTraffic(events: path, configuration: try CheckedFolder.sound(config)) { at in
      Terminal.progress(replaying: at)
    }
  }
}
