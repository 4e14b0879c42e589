import ArgumentParser

struct LearnCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn", abstract: "Judge policies by logs of what others did, honestly.",
    subcommands: [LearnEvaluate.self, LearnReport.self])
}
