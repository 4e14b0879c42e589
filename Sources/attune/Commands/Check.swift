import ArgumentParser
import Insight
import Model
import Reach
import Rules

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a configuration folder as a whole: every error with file, line and a hint.")

  @Argument(help: "The configuration folder.") var folder: String
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let checked = CheckedFolder(folder)
    let (compiled, diagnostics) = (checked.compiled, checked.diagnostics)
    if json {
      var text = JSONText()
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
