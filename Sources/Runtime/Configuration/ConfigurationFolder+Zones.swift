import AttuneModel

extension ConfigurationFolder {
  /// Tables of the zones that the configuration names, and of those asked for (unknown ones left out), by name.
  static func tables(
    for source: ConfigurationSource, and names: [String], _ diagnostics: inout Diagnostics
  ) -> [Zone] {
    var zones: [String: Zone] = [:]
    for name in names { zones[name] = ZoneTables.zone(named: name) }
    for node in ([source.settings] + source.businesses + source.campaigns).compactMap(\.self).flatMap({ named(in: $0) })
    {
      guard let name = node.scalar else { continue }
      if let zone = ZoneTables.zone(named: name) {
        zones[name] = zone
      } else {
        diagnostics.error(node.mark, "unknown time zone '\(name)'", hint: ZoneTables.hint(for: name))
      }
    }
    return zones.values.sorted { $0.name < $1.name }
  }

  /// Every `zone:` of a `fatigue:` or `quietHours:`.
  private static func named(in node: Node, under parent: String = "") -> [Node] {
    switch node.content {
    case .sequence(let nodes): nodes.flatMap { named(in: $0, under: parent) }
    case .mapping(let entries):
      entries.flatMap { entry in
        let isZone = entry.key == "zone" && ["fatigue", "quietHours"].contains(parent)
        return isZone ? [entry.value] : named(in: entry.value, under: entry.key)
      }
    case .scalar, .null: []
    }
  }
}
