import ArgumentParser

struct LearnCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn", abstract: "Play with a learner, and judge policies by logs of what others did, honestly.",
    subcommands: [LearnEvaluate.self, LearnReport.self, LearnRun.self])
}
