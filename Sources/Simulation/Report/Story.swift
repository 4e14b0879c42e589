public import AttuneModel
import Insight

/// What one user went through, and why it is worth telling.
public struct Story: Sendable {
  public var user: String
  /// `opened and bought`.
  public var headline: String
  public var zone: Zone
  public var city: String
  public var traces: [Trace]
  /// What they did with their messages, in order.
  public var receipts: [Receipt]
}

extension Story {
  /// Answers and reactions in the order of their instants, in the user's own time.
  var text: String {
    let answers = traces.map { (at: $0.at, text: Timeline([$0], in: zone).text) }
    let businesses = Dictionary(traces.map { ($0.id, $0.business) }) { first, _ in first }
    let reactions = receipts.filter { $0.kind != .delivered }.map { receipt in
      let message = businesses[.candidate(receipt.message)] ?? receipt.message.description
      let name = receipt.kind.name + String(repeating: " ", count: max(1, 10 - receipt.kind.name.count))
      return (at: receipt.at, text: "\(zone.clock(receipt.at))  → \(name)\(message)")
    }
    let entries = (answers + reactions).enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
    return entries.map(\.element.text).joined(separator: "\n")
  }
}
