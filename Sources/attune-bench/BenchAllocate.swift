import ArgumentParser
import CommandSupport
import Learning
import Simulation

struct BenchAllocate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "allocate",
    abstract: "Sends under quotas: expected clicks beside the most that anybody could have got.",
    discussion: """
      Two invented audiences. The copy with the best mean may be sent to 10% of the users, the others to 12, 15, 20 and \
      25%, the weakest has to be to 5%, and all together to 60%. A ratio is of expected clicks to the hindsight bound: \
      the least value of the dual problem, which no allocation exceeds, not even one that knows all users beforehand.
      """)

  @Option(help: "Users (default: 10000 and 100000; with --learn 100000).") var rounds: Int?
  @Option(help: "Seeds, from 1; the mean counts.") var seeds = 5
  @Flag(help: "Click probabilities are not known: learn them, too.") var learn = false
  @Option(help: "With --learn: feedback comes after this part of the users, beside at once.") var delayFraction = 0.02
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if let rounds, rounds < 100 || rounds > 10_000_000 { throw ValidationError("--rounds is from 100 to 10000000") }
    if seeds < 1 || seeds > 1000 { throw ValidationError("--seeds is from 1 to 1000") }
    if !(0...1).contains(delayFraction) { throw ValidationError("--delay-fraction is from 0 to 1") }
  }

  func run() throws {
    var rows: [AllocationFigures.Row] = []
    let trials = trials
    for (place, trial) in trials.enumerated() {
      let results = try (1...seeds).map { seed in
        let done = Double(place * seeds + seed - 1) / Double(trials.count * seeds)
        Terminal.progress("measuring", done, "\(trial.environment.rawValue), \(trial.name), seed \(seed)")
        return try trial.experiment.run(seed: UInt64(seed))
      }
      rows.append(AllocationFigures.Row(trial, results))
    }
    AllocationFigures.compareWrongForecasts(in: &rows)
    Terminal.endProgress()
    let figures = AllocationFigures(seeds: seeds, rows: rows)
    if json { try Terminal.out(json: figures) } else { Terminal.out(figures.text) }
    if figures.rows.contains(where: { $0.violations > 0 }) { throw ExitCode(1) }
  }

  private var trials: [AllocationTrial] {
    let environments: [ClickEnvironment.Kind] = [.dense, .push]
    if learn {
      return environments.flatMap { AllocationTrial.learned($0, rounds: rounds ?? 100_000, delay: delayFraction) }
    }
    return (rounds.map { [$0] } ?? [10_000, 100_000]).flatMap { rounds in
      environments.flatMap { AllocationTrial.known($0, rounds: rounds) }
    }
  }
}
