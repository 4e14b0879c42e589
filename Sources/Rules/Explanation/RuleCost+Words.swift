extension RuleCost {
  /// One sentence for people who run it.
  public var words: String {
    let types = eventTypes.map { $0.isEmpty ? "no event" : $0.map { "'\($0)'" }.joined(separator: ", ") }
    var parts = ["looks at \(types ?? "every event of its key")"]
    if let openAttempts {
      parts.append("has at most \(openAttempts) open attempt\(openAttempts == 1 ? "" : "s") for one key")
    }
    if let bytesPerKey { parts.append("takes at most \(bytesPerKey) bytes there") }
    if let testsPerEvent {
      parts.append("tests one event on at most \(testsPerEvent) condition\(testsPerEvent == 1 ? "" : "s")")
    }
    if let lifetime { parts.append("forgets what has not matched after \(lifetime.words)") }
    return "It \(parts.dropLast().joined(separator: ", "))\(parts.count > 1 ? " and " : "")\(parts.last ?? "")."
  }
}
