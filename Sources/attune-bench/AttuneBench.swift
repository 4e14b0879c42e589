import ArgumentParser
import CommandSupport
import Store

/// The benchmarks' command line. `attune bench` runs it, so it goes by that name.
@main
struct AttuneBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attune bench",
    abstract: "Measure on this machine the figures that the README shows.",
    subcommands: [
      BenchEngine.self, BenchFatigue.self, BenchOverload.self, BenchRules.self, BenchLearn.self, BenchAllocate.self,
    ])

  static func main() async {
    await runExplaining { error in
      if let error = error as? StoreError { .unavailable("\(error)") } else { Failure(error) }
    }
  }
}
