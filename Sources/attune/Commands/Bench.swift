import ArgumentParser

struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure on this machine the figures that the README shows.",
    subcommands: [BenchEngine.self, BenchFatigue.self, BenchRules.self, BenchLearn.self, BenchAllocate.self])
}
