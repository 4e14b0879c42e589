import ArgumentParser
import CommandSupport
import Platform

/// The command line: each command is one file in the folder of its subject.
@main
struct Attune: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attune",
    abstract: "Smart push that never tires a user out, and can always say why.",
    version: Build.version,
    subcommands: [
      Demo.self, Serve.self, Check.self, Publish.self, CampaignCommand.self, CopiesCommand.self, LearnCommand.self,
      Replay.self, Explain.self, Report.self, RulesCommand.self, FatigueCommand.self, StoreCommand.self,
      Simulate.self, Bench.self, ClockCommand.self,
    ])

  static func main() async { await runExplaining(explain) }
}

struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Rules alone: run them over events, test, explain and translate them.",
    subcommands: [RulesMatch.self, RulesTest.self, RulesExplain.self, RulesCompile.self])
}

struct FatigueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fatigue", abstract: "Put a fatigue policy to the test, before it is published.",
    subcommands: [FatigueReplayCommand.self, FatiguePreviewCommand.self])
}

struct LearnCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "See what is learned, try a learner, and judge policies by the logs of others.",
    subcommands: [LearnEvaluate.self, LearnReport.self, LearnRun.self, LearnShow.self])
}

struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Experiments on made-up people and recorded logs, the same for the same seed.",
    subcommands: [SimulateFatigue.self])
}
