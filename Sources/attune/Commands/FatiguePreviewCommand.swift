import ArgumentParser

struct FatiguePreviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "preview")
}
