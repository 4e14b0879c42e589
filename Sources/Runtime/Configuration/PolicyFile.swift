public import AttuneModel
import Fatigue
import Foundation

/// A fatigue policy alone, as a file: what stands under `fatigue:` in attune.yaml, with its businesses in it.
public enum PolicyFile {
  /// Reads it as a configuration that proposes nothing by itself. Whatever cannot be read is thrown, all at once; the
  /// limits themselves are checked when it is compiled.
  public static func read(path: String) throws(Diagnostics) -> ConfigurationSource {
    var diagnostics = Diagnostics()
    guard let text = ConfigurationFolder.text(URL(fileURLWithPath: path), path, &diagnostics) else { throw diagnostics }
    return try read(text: text, name: path)
  }

  /// - Parameter name: what marks call the file.
  public static func read(text: String, name: String) throws(Diagnostics) -> ConfigurationSource {
    var diagnostics = Diagnostics()
    if text.utf8.count > ConfigurationFolder.fileLimit {
      ConfigurationFolder.tooLong(name, &diagnostics)
      throw diagnostics
    }
    let documents = YAMLReader.documents(text, file: name, &diagnostics)
    let policy = YAMLReader.only(
      documents, of: name, "a policy is one document", hint: "it holds zone, user, scenes and businesses", &diagnostics)
    guard let policy else { throw diagnostics }
    if policy["fatigue"]?["zone"] != nil, policy["zone"] == nil {
      diagnostics.error(
        policy.mark, "this is the file of a configuration, not a policy",
        hint: "a policy is what stands under 'fatigue' in it")
      throw diagnostics
    }
    var source = ConfigurationSource(policy: policy)
    source.zones = ConfigurationFolder.tables(for: source, and: [], &diagnostics)
    if diagnostics.errors.isEmpty { return source }
    // What else is wrong, so that all of it is told at once.
    if let policy = source.settings?["fatigue"] {
      _ = FatiguePolicy(reading: policy, zone: { _ in .utc }, &diagnostics)
    }
    throw diagnostics
  }
}

extension ConfigurationSource {
  /// A configuration of nothing but a fatigue policy. What beside it is meant for a server, `server` and `storage`,
  /// stands where `attune.yaml` has it.
  public init(policy: Node, zones: [Zone] = []) {
    var policy = policy
    var settings: [Node.Entry] = []
    if case .mapping(let entries) = policy.content {
      settings = entries.filter { Self.serverKeys.contains($0.key) }
      policy.content = .mapping(entries.filter { !Self.serverKeys.contains($0.key) })
    }
    settings.insert(Node.Entry(key: "fatigue", keyMark: policy.mark, value: policy), at: 0)
    self.init(settings: Node(.mapping(settings), mark: policy.mark), zones: zones)
  }

  private static let serverKeys = ["server", "storage"]
}
