public import AttuneModel
import Codec
import Fatigue
import Insight
import Reach
import Runtime

/// Fatigue policies as one text, YAML or JSON: `zone, user, scenes, businesses`; beside them, for a server that starts
/// with it, `server` and `storage` as in attune.yaml.
public struct CheckedPolicies: Sendable {
  /// In bytes.
  public static let limit = 1 << 20

  public let settings: ServerSettings
  public let warnings: [Diagnostic]
  let source: ConfigurationSource
  let policy: FatiguePolicy

  /// Reads and checks it whole; throws everything that is wrong with it.
  public init(path: String) throws(Diagnostics) { try self.init(try PolicyFile.read(path: path)) }

  /// - Parameter name: what places in it are told by.
  init(_ text: String, named name: String) throws(Diagnostics) {
    try self.init(try PolicyFile.read(text: text, name: name))
  }

  private init(_ source: ConfigurationSource) throws(Diagnostics) {
    var diagnostics = Diagnostics()
    let settings = ServerSettings(reading: source.settings, &diagnostics)
    let compiled = CompiledConfiguration(source, at: .distantPast, &diagnostics)
    guard let settings, let compiled, diagnostics.errors.isEmpty else { throw diagnostics }
    self.source = source
    self.settings = settings
    policy = compiled.fatigue
    warnings = diagnostics.warnings
  }

  /// What stands in it for a server that starts with it, told to one that runs.
  var unpublished: [Diagnostic] {
    ["server", "storage"].compactMap { source.settings?[$0] }.map {
      Diagnostic(
        .warning, $0.mark, "a server's settings are not published", hint: "they count in the file it is started with")
    }
  }

  /// The same for the same policies, however they are written.
  var fingerprint: String {
    var text = JSONWriter()
    text.object { $0.members(of: policy) }
    return String(StableHash.of(text.text).value(), radix: 16)
  }
}
