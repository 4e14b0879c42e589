public import AttuneModel
import Foundation
public import Rules

/// Rules alone, as files: YAML with any number of documents, one rule each.
public enum RuleFiles {
  /// Compiles the rules of all files as one set. Whatever is wrong in any of them is thrown, all at once.
  public static func read(
    _ paths: [String], zone: Zone, warnings: inout Diagnostics
  ) throws(Diagnostics) -> RuleSet {
    var diagnostics = Diagnostics()
    var documents: [Node] = []
    for path in paths {
      let found = self.documents(path, &diagnostics)
      if found.isEmpty, diagnostics.errors.isEmpty {
        diagnostics.error(Mark(file: path, line: 1, column: 1), "there is no rule in it", hint: "rule: a-name")
      }
      documents += found
    }
    let rules = RuleSet(reading: documents, zone: zone, replacing: RuleSet(), at: .distantPast, &diagnostics)
    if !diagnostics.errors.isEmpty { throw diagnostics }
    warnings.append(diagnostics)
    return rules
  }

  /// The documents of one file; what cannot be read is told.
  static func documents(_ path: String, _ diagnostics: inout Diagnostics) -> [Node] {
    guard let text = ConfigurationFolder.text(URL(fileURLWithPath: path), path, &diagnostics) else { return [] }
    return YAMLReader.documents(text, file: path, &diagnostics)
  }
}
