import ArgumentParser

struct LearnCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "See what is learned, try a learner, and judge policies by the logs of others.",
    subcommands: [LearnEvaluate.self, LearnReport.self, LearnRun.self, LearnShow.self])
}
