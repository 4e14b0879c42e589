public import ArgumentParser
import Foundation

extension ParsableCommand {
  /// Parses the command line, runs what it names, and ends the process where that fails: with a failure's message and
  /// exit code, else as the argument parser has it.
  ///
  /// - Parameter explain: tells what an error means to the person who typed the command; nil for errors that the
  ///   argument parser itself explains.
  public static func runExplaining(_ explain: @Sendable (any Error) -> Failure?) async {
    do {
      if let twice = optionGivenTwice(CommandLine.arguments.dropFirst()) {
        throw ValidationError("\(twice) is given twice (hint: once is enough; of two values one would be lost)")
      }
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      guard let failure = explain(error) else { exit(withError: error) }
      Terminal.error(failure.message)
      Foundation.exit(failure.code)
    }
  }

  /// The parser would take the last one, and say nothing. No option of ours is meant to be given twice.
  static func optionGivenTwice(_ arguments: some Sequence<String>) -> String? {
    var seen: Set<Substring> = []
    for argument in arguments {
      if argument == "--" { return nil }
      guard argument.hasPrefix("--"), let name = argument.split(separator: "=").first else { continue }
      if !seen.insert(name).inserted { return String(name) }
    }
    return nil
  }
}
