import ArgumentParser
import CommandSupport

/// The command line: each command is one file in the folder of its subject.
@main
struct Attune: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attune",
    abstract: "Smart push that never tires a user out, and can always say why.",
    version: version,
    subcommands: [
      Demo.self, Serve.self, Check.self, Publish.self, CampaignCommand.self, CopiesCommand.self, LearnCommand.self,
      Replay.self, Explain.self, Report.self, RulesCommand.self, FatigueCommand.self, Simulate.self, Bench.self,
    ])

  static let version = "0.1.0"

  static func main() async { await runExplaining(explain) }
}
