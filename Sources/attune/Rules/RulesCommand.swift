import ArgumentParser

struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Rules alone: run them over events, test, explain and translate them.",
    subcommands: [RulesMatch.self, RulesTest.self, RulesExplain.self, RulesCompile.self])
}
