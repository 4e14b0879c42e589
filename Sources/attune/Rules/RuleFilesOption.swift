import ArgumentParser
import AttuneModel
import CommandSupport
import Rules
import Runtime

/// Rules given as files.
struct RuleFilesOption: ParsableArguments {
  @Argument(help: "The rules: files of YAML, one document a rule.") var files: [String]
  @Option(help: "The time zone of the days and hours in rules.") var zone = "UTC"

  func read(warnings: inout Diagnostics) throws -> RuleSet {
    guard let table = ZoneTables.zone(named: zone) else {
      throw Failure.data("there is no time zone '\(zone)' (hint: \(ZoneTables.hint(for: zone)))")
    }
    return try RuleFiles.read(files, zone: table, warnings: &warnings)
  }
}
