import ArgumentParser
import AttuneModel
import CommandSupport
import Foundation
import Insight
import Rules

struct RulesCompile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compile",
    abstract: "Compile rules for elsewhere: a device's binary form, or queries of Flink SQL.",
    discussion: """
      device     A compact, versioned form that the library Rules loads in an app. It goes to a file.
      flink-sql  A MATCH_RECOGNIZE query a rule, over a table of events with a column a property.
      A rule that has no such form is reported with its place and the reason; then nothing is written (exit code 65).
      """)

  enum Target: String, ExpressibleByArgument, CaseIterable {
    case device
    case flinkSQL = "flink-sql"
  }

  @Option(name: .customLong("for"), help: "What to compile for.") var target: Target
  @OptionGroup var source: RuleFilesOption
  @Option(name: [.customShort("o"), .long], help: "The file to write (default: standard output for flink-sql).")
  var output: String?
  @Option(help: "With flink-sql: the table of events.") var table = "events"
  @Option(
    help: ArgumentHelp(
      "With flink-sql: the table's columns of properties and their types (default: as the rules use them).",
      valueName: "item STRING, price DOUBLE"))
  var columns: String?

  func validate() throws {
    if target == .device, output == nil { throw ValidationError("--for device writes bytes: name a file with -o") }
  }

  func run() throws {
    var warnings = Diagnostics()
    let rules = try source.read(warnings: &warnings)
    if !warnings.all.isEmpty { Terminal.note("\(warnings)") }
    switch target {
    case .device:
      let bytes = try rules.deviceForm()
      try write(Data(bytes))
      Terminal.note("\(output ?? ""): \(rules.rules.count.of("rule")) in \(bytes.count.of("byte"))")
    case .flinkSQL:
      var unseen = Diagnostics()
      let queries = try rules.flinkSQL(table: table, columns: columns, warnings: &unseen)
      if !unseen.all.isEmpty { Terminal.note("\(unseen)") }
      if output == nil { Terminal.out(queries) } else { try write(Data((queries + "\n").utf8)) }
    }
  }

  private func write(_ data: Data) throws {
    guard let output else { return }
    do { try data.write(to: URL(fileURLWithPath: output), options: .atomic) } catch {
      throw Failure.output("\(output) cannot be written", error)
    }
  }
}
