import ArgumentParser

struct FatigueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fatigue", abstract: "Put a fatigue policy to the test, before it is published.",
    subcommands: [FatigueReplayCommand.self, FatiguePreviewCommand.self])
}
