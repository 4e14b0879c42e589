public import AttuneModel
import Foundation
public import Learning

extension Quotas {
  /// Reads quotas from YAML or JSON: `{"rounds", "arms", "max"?, "min"?, "channels"?, "channelMax"?, "budget"?}`.
  public init(file path: String) throws(Diagnostics) {
    var diagnostics = Diagnostics()
    guard let text = ConfigurationFolder.text(URL(fileURLWithPath: path), path, &diagnostics) else { throw diagnostics }
    try self.init(text, file: path)
  }

  /// - Parameter file: its name, for what is told to be wrong.
  public init(_ text: String, file: String) throws(Diagnostics) {
    var diagnostics = Diagnostics()
    let documents = YAMLReader.documents(text, file: file, &diagnostics)
    let node = YAMLReader.only(
      documents, of: file, "quotas are one document", hint: "it holds at least rounds and arms", &diagnostics)
    guard let node else { throw diagnostics }
    guard var fields = Fields(node, "quotas", &diagnostics) else { throw diagnostics }
    let rounds = fields.require("rounds", &diagnostics, hint: "how many arrivals are expected")
      .flatMap { $0.integer("rounds", in: 0...Quotas.limit, &diagnostics) }
    let copies = fields.require("arms", &diagnostics, hint: "how many arms there are")
      .flatMap { $0.integer("arms", in: 1...Quotas.mostCopies, &diagnostics) }
    let maximum = Self.counts("max", &fields, &diagnostics)
    let minimum = Self.counts("min", &fields, &diagnostics).map { $0 ?? 0 }
    let channels = Self.counts("channels", &fields, &diagnostics)
    let channelMaximum = Self.counts("channelMax", &fields, &diagnostics)
    let budget = fields.take("budget").flatMap { $0.integer("budget", in: 0...Quotas.limit, &diagnostics) }
    fields.finish(&diagnostics)
    guard diagnostics.errors.isEmpty, let rounds, let copies else { throw diagnostics }
    do throws(QuotaError) {
      try self.init(
        rounds: rounds, copies: copies, maximum: maximum, minimum: minimum, channels: channels,
        channelMaximum: channelMaximum, budget: budget)
    } catch {
      diagnostics.error(node.mark, error.message, hint: error.hint)
      throw diagnostics
    }
  }

  private static func counts(_ key: String, _ fields: inout Fields, _ diagnostics: inout Diagnostics) -> [Int?] {
    guard let node = fields.take(key) else { return [] }
    guard case .sequence(let items) = node.content else {
      diagnostics.error(node.mark, "'\(key)' is a list, one number an arm; null: none")
      return []
    }
    var counts: [Int?] = []
    for item in items {
      let isNull = item.content == .null
      counts.append(isNull ? nil : item.integer("a number of '\(key)'", in: 0...Quotas.limit, &diagnostics))
    }
    return counts
  }
}
