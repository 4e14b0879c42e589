import ArgumentParser
import Codec
import CommandSupport
import Insight
import Materials

struct CopiesShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One copy, all that is known of it, and what a campaign would expect of it.")

  @Argument(help: "The copy's id.") var id: String
  @OptionGroup var library: LibraryOption
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let library = try library.open().library
    let standing = try library.standing(of: id)
    let prior = library.prior(for: standing.copy)
    guard json else { return Terminal.out(CopyTable.details(of: standing, prior: prior)) }
    var text = JSONWriter()
    text.object { json in
      json.members(of: standing)
      json.member("prior") { $0.write(rate: prior) }
      json.days(of: standing.history)
    }
    Terminal.out(text)
  }
}

struct CopiesLike: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "like", abstract: "Copies whose words are most like those of this one.")

  @Argument(help: "The copy's id.") var id: String
  @OptionGroup var library: LibraryOption
  @Option(help: "Copies to show.") var limit = 10
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit is at least 1") }
  }

  func run() throws {
    let library = try library.open().library
    let similar = library.similar(to: try library.standing(of: id).copy, limit: limit)
    guard json else {
      return Terminal.out(similar.isEmpty ? "No copy shares a word with it." : CopyTable(similar).text)
    }
    var text = JSONWriter()
    text.object { $0.members(of: similar) }
    Terminal.out(text)
  }
}
