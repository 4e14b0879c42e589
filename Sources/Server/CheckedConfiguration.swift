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

  /// Throws everything that is wrong with it.
  /// - Parameter running: what cannot be changed without a restart.
  init(
    _ source: ConfigurationSource, in engine: Engine, at: Instant, running: ServerSettings
  ) throws(Diagnostics) {
    var diagnostics = Diagnostics()
    if let settings = ServerSettings(reading: source.settings, &diagnostics) {
      Self.compare(settings, running, source, &diagnostics)
    }
    let previous = engine.configuration
    let configuration = Reach.Configuration(source, replacing: previous, at: at, &diagnostics)
    if configuration != nil { diagnostics.append(engine.conflicts(with: source)) }
    guard let configuration, diagnostics.errors.isEmpty else { throw diagnostics }
    changes = configuration.rules.changes(since: previous.rules)
    zone = configuration.fatigue.zone.name
    warnings = diagnostics.warnings
  }

  private static func compare(
    _ new: ServerSettings, _ running: ServerSettings, _ source: ConfigurationSource, _ diagnostics: inout Diagnostics
  ) {
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
