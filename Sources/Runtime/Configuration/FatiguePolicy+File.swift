public import AttuneModel
public import Fatigue

extension FatiguePolicy {
  /// Reads a whole policy from a file of YAML or JSON. What stands in it for a server is passed over.
  public init(file path: String) throws(Diagnostics) { try self.init(try PolicyFile.read(path: path)) }

  /// Reads a whole policy from YAML or JSON.
  ///
  /// - Parameter file: its name, for what is told to be wrong.
  public init(text: String, file: String) throws(Diagnostics) {
    try self.init(try PolicyFile.read(text: text, name: file))
  }

  private init(_ source: ConfigurationSource) throws(Diagnostics) {
    var diagnostics = Diagnostics()
    let policy = source.settings?["fatigue"].flatMap { node in
      FatiguePolicy(reading: node, zone: { name in source.zones.first { $0.name == name } }, &diagnostics)
    }
    guard let policy, diagnostics.errors.isEmpty else { throw diagnostics }
    self = policy
  }
}
