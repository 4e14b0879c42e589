import ArgumentParser

struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Experiments on made-up people and recorded logs, the same for the same seed.",
    subcommands: [SimulateFatigue.self])
}
