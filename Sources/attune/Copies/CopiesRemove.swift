import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
import Insight
import Materials
import Store

struct CopiesRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove copies from the library: all of these, or none.",
    discussion: """
      What a copy did here stays in the journal: an import under the same id brings it back with that. What it had \
      brought along goes with it ('attune copies export' keeps it). A campaign that was launched has its words anyway.
      """)

  @Argument(help: "Ids of copies.") var ids: [String]
  @OptionGroup var store: StoreOption
  @Flag(help: "Print the count as JSON.") var json = false

  func run() throws {
    let known = try store.open().copies.copies().map(\.id)
    let unknown = Set(ids).subtracting(known).sorted().map {
      UnknownCopy(id: $0, nearest: nearest(to: $0, among: known))
    }
    if !unknown.isEmpty {
      throw Failure.data(unknown.map(\.description).joined(separator: "\n") + "\nnothing was removed")
    }
    let count = try CopiesCommand.change(store.store, otherwise: "DELETE /v1/copies/ID") { try $0.removeCopies(ids) }
    if json {
      var text = JSONWriter()
      text.object { $0.member("removed", count) }
      Terminal.out(text)
    } else {
      Terminal.out("\(count.of("copy", "copies")) removed from \(store.store)")
    }
  }
}
