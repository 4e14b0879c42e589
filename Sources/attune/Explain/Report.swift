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
  @Option(help: "By business, scene, rule, filter or material.") var by = Funnel.Dimension.business
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let funnel = Funnel(try Projector(store: store.open()).tally(), by: by)
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
