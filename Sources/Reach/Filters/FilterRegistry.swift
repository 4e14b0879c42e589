import AttuneModel

/// Every filter there is.
public enum FilterRegistry {
  static let all: [any Filter.Type] = [
    ConsentFilter.self,
    QuietHoursFilter.self,
    AudienceFilter.self,
    RolloutFilter.self,
  ]

  /// Reads a `filters:` list: names, or mappings of one name to its options.
  static func read(_ list: Node, _ context: FilterReading, _ diagnostics: inout Diagnostics) -> [any Filter] {
    var filters: [any Filter] = []
    for item in list.items {
      var context = context
      context.mark = item.mark
      let name: String
      var options: Node?
      switch item.content {
      case .scalar(let text, _): name = text
      case .mapping(let entries) where entries.count == 1: (name, options) = (entries[0].key, entries[0].value)
      default:
        diagnostics.error(item.mark, "expected a filter", hint: "write a name, or { name: options }")
        continue
      }
      guard let type = all.first(where: { $0.name == name }) else {
        diagnostics.error(item.mark, "there is no filter '\(name)'", hint: hint(for: name))
        continue
      }
      if filters.contains(where: { $0.name == name }) {
        diagnostics.error(item.mark, "the filter '\(name)' is listed twice", hint: "keep one of them")
      } else if let filter = type.read(options, context, &diagnostics) {
        filters.append(filter)
      }
    }
    return filters
  }

  private static func hint(for name: String) -> String {
    if name == "fatigue" { return "fatigue is always there, and last: leave it out" }
    if name == ExpiryFilter.name { return "write 'expires: 2h' beside the filters" }
    return nearest(to: name, among: all.map { $0.name }).map { "did you mean '\($0)'?" }
      ?? "there are \(all.map { $0.name }.joined(separator: ", "))"
  }
}
