import ArgumentParser
import CommandSupport
import Foundation

struct StoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store", abstract: "The files of a store.", subcommands: [StoreAccept.self])
}

struct StoreAccept: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept", abstract: "Go on with a store that lacks batches it had acknowledged.",
    discussion: """
      A server refuses to start where the end of the journal is missing: a database put back from a copy, or without its \
      log. Put the newer files back if you have them. If not, this takes the store as it is. What was in the missing \
      batches is forgotten: opt-outs, events, and that messages were sent.
      """)

  @OptionGroup var store: StoreOption

  func run() throws {
    guard
      ["attune.db", "attune.mark"].contains(where: { FileManager.default.fileExists(atPath: store.store + "/" + $0) })
    else { throw Failure.data("there is no store in \(store.store)") }
    let found = try StoreFolder.accept(store.store)
    Terminal.out((found + ["the store in \(store.store) is taken as it is"]).joined(separator: "\n"))
  }
}
