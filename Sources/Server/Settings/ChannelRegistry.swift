import AttuneModel
import ChannelLog
import Delivery

/// Every kind of channel there is.
enum ChannelRegistry {
  static let all: [any ChannelSettings.Type] = [
    LogChannelSettings.self
  ]

  /// Reads `channels:`, a mapping of names to `{ type: ..., ... }`.
  static func read(_ node: Node, _ diagnostics: inout Diagnostics) -> [ConfiguredChannel] {
    guard var fields = Fields(node, "channels", &diagnostics) else { return [] }
    let entries = fields.takeRest()
    if entries.isEmpty {
      diagnostics.error(node.mark, "there is no channel", hint: "log: { type: log, file: sent.ndjson }")
    }
    var channels: [any ChannelSettings] = []
    for entry in entries {
      guard let channel = read(entry, beside: channels, &diagnostics) else { continue }
      channels.append(channel)
    }
    return channels.map(ConfiguredChannel.init)
  }

  private static func read(
    _ entry: Node.Entry, beside others: [any ChannelSettings], _ diagnostics: inout Diagnostics
  ) -> (any ChannelSettings)? {
    guard var fields = Fields(entry.value, "a channel", &diagnostics) else { return nil }
    let name = Node(.scalar(entry.key, quoted: true), mark: entry.keyMark).name("a channel's name", &diagnostics)
    let known = all.map { $0.type }
    let node = fields.require("type", &diagnostics, hint: "type: log")
    if let node, let scalar = node.scalar, !known.contains(scalar), nearest(to: scalar, among: known) == nil {
      diagnostics.error(
        node.mark, "there is no channel of type '\(scalar)' yet", hint: "there is \(known.joined(separator: ", "))")
      return nil
    }
    let type = node?.choice("a type", of: known, &diagnostics)
    guard let kind = all.first(where: { $0.type == type }) else { return nil }
    let context = ChannelReading(name: entry.key, mark: entry.keyMark, others: others)
    let settings = kind.read(&fields, context, &diagnostics)
    fields.finish(&diagnostics)
    return name == nil ? nil : settings
  }
}
