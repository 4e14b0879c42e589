import AttuneModel
import Rules

/// What the events of a log are called and have, for whoever finds that nothing of it matched.
struct SeenEvents {
  /// More names than this tell nobody anything.
  private static let limit = 1000

  private var names: [String: Int] = [:]
  private var properties: Set<String> = []

  mutating func note(_ event: Event) {
    if names[event.name] != nil || names.count < Self.limit { names[event.name, default: 0] += 1 }
    for property in event.properties where properties.count < Self.limit { properties.insert(property.name) }
  }

  /// What was seen, and what each rule wants.
  func explanation(_ rules: [Rule]) -> [String] {
    let seen = names.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) (\($0.value))" }
    let with = properties.isEmpty ? "no properties" : "the properties " + properties.sorted().few(20)
    return ["nothing matched: the log has \(seen.few(10)), with \(with)"] + rules.prefix(10).map(wants)
  }

  private func wants(_ rule: Rule) -> String {
    let types = rule.eventTypes.map { $0.map { named($0, among: names.keys.sorted()) }.few(10) } ?? "any event"
    let wanted = rule.eventProperties.map { named($0, among: properties.sorted()) }
    return "rule \(rule.name) wants \(types)" + (wanted.isEmpty ? "" : " with \(wanted.few(10))")
  }

  private func named(_ name: String, among seen: [String]) -> String {
    if seen.contains(name) { return name }
    let near =
      seen.first { $0.lowercased() == name.lowercased() || $0.hasSuffix("." + name) } ?? nearest(to: name, among: seen)
    return name + (near.map { " (not seen; is it '\($0)'?)" } ?? " (not seen)")
  }
}

extension [String] {
  fileprivate func few(_ limit: Int) -> String {
    prefix(limit).joined(separator: ", ") + (count > limit ? ", ..." : "")
  }
}
