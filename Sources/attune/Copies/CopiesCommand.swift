import ArgumentParser
import AttuneModel
import CommandSupport
import Materials
import Runtime
import Server
import Store

struct CopiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "copies", abstract: "The library of copies: what each did, which are alike, which are worn out.",
    subcommands: [
      CopiesList.self, CopiesSearch.self, CopiesShow.self, CopiesLike.self, CopiesImport.self, CopiesExport.self,
      CopiesRemove.self,
    ])

  /// - Parameter otherwise: what does it while a server has the store.
  static func change<T>(_ store: String, otherwise: String, _ body: (any CopyStore) throws -> T) throws -> T {
    do {
      let opened = try StoreFolder.open(store)
      let result = try body(opened.copies)
      try opened.close()
      return result
    } catch let error as StoreError where error.code == .locked {
      throw Failure.unavailable("\(error) (hint: a running server does it, too: \(otherwise))")
    }
  }
}

/// A library to read, also beside a server that writes it.
struct LibraryOption: ParsableArguments {
  @OptionGroup var store: StoreOption
  @Option(help: "The moment to judge at: RFC 3339, or epoch milliseconds (default: now).") var at: String?

  func open() throws -> (store: OpenedStore, library: CopyLibrary) {
    let store = try store.open()
    return (store, try store.library(at: try at.map(Instant.init(argument:)) ?? SystemClock.now()))
  }
}

struct CopyFilterOption: ParsableArguments {
  @Option(help: "Only copies with this tag.") var tag: String?
  @Option(help: "Only copies of this scene.") var scene: String?
  @Option(help: "Only copies in this language; zh takes zh-CN too.") var language: String?

  var filter: CopyFilter { CopyFilter(tag: tag, scene: scene, language: language) }

  /// What to say where no copy is wanted.
  func nothing(among all: [CopyStanding]) -> String {
    if all.isEmpty { return "There are no copies (hint: attune copies import FILE.csv)." }
    let known = [
      (tag, "tag", all.flatMap(\.copy.tags)), (scene, "scene", all.compactMap(\.copy.scene)),
      (language, "language", all.compactMap(\.copy.language)),
    ]
    for (name, what, names) in known {
      guard let name, !names.contains(name) else { continue }
      let names = Set(names).sorted()
      let hint =
        nearest(to: name, among: names).map { "did you mean '\($0)'?" }
        ?? "there are \(names.prefix(10).joined(separator: ", "))"
      return "No copy has the \(what) '\(name)'" + (names.isEmpty ? "." : " (hint: \(hint)).")
    }
    return "There are no such copies."
  }
}
