import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
import Insight
import Runtime

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Why a user got a message or did not, and when the next could come.")

  @Argument(help: "The user.") var user: String
  @OptionGroup var store: StoreOption
  @Option(help: "Only this business.") var business: String?
  @Option(help: "Only answers up to this instant: RFC 3339, or epoch milliseconds.") var at: String?
  @Option(help: "Answers to show, the newest.") var limit = 50
  @Option(help: "The time zone of the output (default: that of the configuration).") var zone: String?
  @Flag(help: "Print NDJSON, an answer a line.") var json = false

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit is at least 1") }
  }

  func run() throws {
    let opened = try store.open()
    let until = try at.map(Instant.init(argument:)) ?? .distantFuture
    let entries = try Projector(store: opened).timeline(of: user)
      .filter { $0.trace.at <= until && (business == nil || $0.trace.business == business) }
      .suffix(limit)
    if json {
      var lines = JSONWriter()
      for entry in entries {
        lines.write(entry)
        lines.newline()
      }
      Terminal.out(String(lines.text.dropLast()))
    } else if entries.isEmpty {
      let which = (business.map { " for \($0)" } ?? "") + (at.map { " up to \($0)" } ?? "")
      Terminal.out(
        "Nothing was decided on \(user)\(which): no rule that a business listens to has matched, and no team has asked."
      )
    } else {
      Terminal.out(Timeline(Array(entries), in: try StoreOption.zone(zone, of: opened)).text)
    }
  }
}
