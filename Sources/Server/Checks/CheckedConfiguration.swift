import AttuneModel
import Delivery
import Fatigue
import Reach
import Rules

/// A configuration that can take the place of another while a server runs.
struct CheckedConfiguration: Sendable {
  /// In which its days begin.
  let zone: String
  let warnings: [Diagnostic]
  /// What becomes of each rule.
  let changes: [RuleChange]
  /// And of other documents.
  let documents: [DocumentChange]

  /// Throws everything that is wrong with it.
  /// - Parameters:
  ///   - settings: what `settings(of:running:)` found.
  ///   - answer: what the engine says of it.
  init(_ settings: Diagnostics, _ answer: PublicationAnswer) throws(Diagnostics) {
    var diagnostics = settings
    diagnostics.append(answer.diagnostics)
    guard diagnostics.errors.isEmpty else { throw diagnostics }
    changes = answer.changes
    documents = answer.documents
    zone = answer.zone
    warnings = diagnostics.warnings
  }

  /// What is wrong with a configuration's settings of the server.
  /// - Parameter running: what cannot be changed without a restart.
  static func settings(of source: ConfigurationSource, running: ServerSettings) -> Diagnostics {
    var diagnostics = Diagnostics()
    if let settings = ServerSettings(reading: source.settings, &diagnostics) {
      Self.compare(settings, running, source, &diagnostics)
    }
    return diagnostics
  }

  private static func compare(
    _ new: ServerSettings, _ running: ServerSettings, _ source: ConfigurationSource, _ diagnostics: inout Diagnostics
  ) {
    if new.map != running.map {
      diagnostics.error(
        source.mark(of: "ingest"), "this is not the 'ingest' of the running server",
        hint: "it changes with a restart of the server on the new configuration")
    }
    guard new.channels != running.channels else { return }
    let names = running.channels.map { "\($0.settings)" }.joined(separator: ", ")
    diagnostics.error(
      source.mark(of: "channels"), "these are not the channels of the running server: \(names)",
      hint: "channels change with a restart of the server on the new configuration")
  }
}

extension ConfigurationSource {
  /// Of an entry of `attune.yaml`, else of its beginning.
  fileprivate func mark(of key: String) -> Mark {
    if case .mapping(let entries) = settings?.content, let entry = entries.first(where: { $0.key == key }) {
      return entry.keyMark
    }
    return settings?.mark ?? Mark(file: "attune.yaml", line: 1, column: 1)
  }
}
