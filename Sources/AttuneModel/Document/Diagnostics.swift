/// One thing that is wrong with a configuration: where, what, and what to do about it.
public struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
  /// An error refuses the configuration, a warning does not.
  public enum Severity: Hashable, Sendable { case error, warning }

  public var severity: Severity
  public var mark: Mark
  public var message: String
  public var hint: String?

  public init(_ severity: Severity, _ mark: Mark, _ message: String, hint: String? = nil) {
    self.severity = severity
    self.mark = mark
    self.message = message
    self.hint = hint
  }

  /// `rules/a.yaml:3:5: error: no event type (hint: ...)`
  public var description: String {
    "\(mark): \(severity): \(message)" + (hint.map { " (hint: \($0))" } ?? "")
  }
}

/// Everything found wrong in one reading; reading goes on after an error, so that all are told at once.
public struct Diagnostics: Error, Hashable, Sendable, CustomStringConvertible {
  /// In the order they were found.
  public private(set) var all: [Diagnostic] = []

  public init() {}

  public mutating func error(_ mark: Mark, _ message: String, hint: String? = nil) {
    all.append(Diagnostic(.error, mark, message, hint: hint))
  }

  public mutating func warning(_ mark: Mark, _ message: String, hint: String? = nil) {
    all.append(Diagnostic(.warning, mark, message, hint: hint))
  }

  public mutating func append(_ others: Diagnostics) { all += others.all }
  public mutating func append(_ other: Diagnostic) { all.append(other) }

  public var errors: [Diagnostic] { all.filter { $0.severity == .error } }
  public var warnings: [Diagnostic] { all.filter { $0.severity == .warning } }

  public var description: String { all.sorted { $0.mark < $1.mark }.map(\.description).joined(separator: "\n") }
}

/// The candidate nearest to a misspelt word, if one is near enough to suggest (edit distance at most a third).
public func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
  let word = Array(word.unicodeScalars.prefix(64))
  var best: (name: String, distance: Int)?
  for candidate in candidates {
    let other = Array(candidate.unicodeScalars.prefix(64))
    let distance = editDistance(word, other)
    if distance <= max(1, max(word.count, other.count) / 3), distance < best?.distance ?? .max {
      best = (candidate, distance)
    }
  }
  return best?.name
}

/// Levenshtein's, in two rows.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      let next = min(diagonal + (x == y ? 0 : 1), row[j] + 1, row[j + 1] + 1)
      diagonal = row[j + 1]
      row[j + 1] = next
    }
  }
  return row[b.count]
}
