import ArgumentParser

struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Rules alone: run them over events, and test them.",
    subcommands: [RulesMatch.self, RulesTest.self])
}
