import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
import Insight
import Reach
import Rules
import Runtime
import Server
import Store

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a configuration folder as a whole: every error with file, line and a hint.")

  @Argument(help: "The configuration folder.") var folder: String
  @Option(help: "A store's folder, in whose library the copies are looked up that campaigns name.")
  var store: String?
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let checked = CheckedFolder(folder)
    let compiled = checked.compiled
    var diagnostics = checked.diagnostics
    if compiled != nil, let source = checked.source, source.namesCopies {
      diagnostics.append(
        source.copyWarnings(try store.map { try StoreFolder.read($0).library(at: SystemClock.now()) }))
    }
    if json {
      var text = JSONWriter()
      text.object { json in
        json.member("valid", compiled != nil)
        json.member("rules", compiled?.rules.rules.count ?? 0)
        json.member("businesses", compiled?.businesses.count ?? 0)
        json.write(diagnostics.all, as: "diagnostics")
      }
      Terminal.out(text)
    } else {
      if !diagnostics.all.isEmpty { Terminal.note("\(diagnostics)") }
      if let compiled {
        Terminal.out(
          "\(folder): sound: \(compiled.rules.rules.count) rules, \(compiled.businesses.count) businesses, "
            + "\(diagnostics.warnings.count) warnings")
      }
    }
    if compiled == nil { throw ExitCode(65) }
  }
}
