import ArgumentParser

struct LearnCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "See what is learned, play with a learner, and judge policies by logs of what others did.",
    subcommands: [LearnEvaluate.self, LearnReport.self, LearnRun.self, LearnShow.self])
}
