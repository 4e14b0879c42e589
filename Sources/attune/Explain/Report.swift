public import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
public import Insight
import Runtime

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The funnel: how far candidates got, and what stopped the others.")

  @OptionGroup var store: StoreOption
  @Option(help: "By business, scene, rule, filter, material or day.") var by = Funnel.Dimension.business
  @Option(help: "From this day on, as 2026-11-01, in the configuration's zone.") var since: String?
  @Option(help: "Up to this day, without it.") var until: String?
  @Flag(help: "Print JSON.") var json = false
  @Flag(help: "Print CSV, a row each.") var csv = false

  func validate() throws {
    if json, csv { throw ValidationError("--json and --csv are two forms (hint: choose one)") }
    for text in [since, until].compactMap(\.self) where CivilDate(text) == nil {
      throw ValidationError("'\(text)' is no day (hint: 2026-11-01)")
    }
    if days.isEmpty { throw ValidationError("--until is not later than --since") }
  }

  private var days: Range<Int64> {
    let from = since.flatMap { CivilDate($0) }?.daysSince1970 ?? .min
    return from..<max(from, until.flatMap { CivilDate($0) }?.daysSince1970 ?? .max)
  }

  func run() throws {
    let funnel = Funnel(
      try Projector(store: store.open()).tally(), by: by, days: days.lowerBound...days.upperBound - 1)
    if csv { return Terminal.out(bytes: funnel.csv) }
    if json {
      var text = JSONWriter()
      text.write(funnel)
      Terminal.out(text)
    } else {
      Terminal.out([funnel.table, funnel.refusalTable, funnel.chart()].compactMap(\.self).joined(separator: "\n\n"))
    }
  }
}

extension Funnel.Dimension: ExpressibleByArgument {}
