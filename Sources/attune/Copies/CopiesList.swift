import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
import Insight
import Materials
import Store

struct CopiesList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Every copy, what it did, and whether it is fresh or worn out.")

  @OptionGroup var library: LibraryOption
  @OptionGroup var filter: CopyFilterOption
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let all = try library.open().library.standings
    Terminal.out(copies: all.filter { filter.filter.wants($0.copy) }, json: json, none: filter.nothing(among: all))
  }
}

struct CopiesSearch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Copies that have every word, in Chinese any piece of text; the best match first.")

  @Argument(help: "Words; several are all wanted.") var query: [String]
  @OptionGroup var library: LibraryOption
  @OptionGroup var filter: CopyFilterOption
  @Option(help: "Copies to show.") var limit = 50
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit is at least 1") }
  }

  func run() throws {
    let (store, library) = try library.open()
    let found = try store.copies.searchCopies(SearchTerms(query.joined(separator: " ")), limit: CopyLibrary.limit)
      .compactMap { library[$0] }.filter { filter.filter.wants($0.copy) }
    Terminal.out(copies: found.prefix(limit), json: json, none: "No copy has all of these words.")
  }
}

extension Terminal {
  fileprivate static func out(copies: some Collection<CopyStanding>, json: Bool, none: String) {
    guard json else { return out(copies.isEmpty ? none : CopyTable(Array(copies)).text) }
    var text = JSONWriter()
    text.object { json in
      json.member("copies") { json in json.array(copies) { json, one in json.object { $0.members(of: one) } } }
    }
    out(text)
  }
}
