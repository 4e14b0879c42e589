public import Fatigue
import Foundation
public import Model

extension FatiguePolicy {
  /// Reads a whole policy from a file of YAML or JSON.
  public init(file path: String) throws(Diagnostics) {
    let bytes: Data
    do { bytes = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
      throw Self.unreadable(path, "the policy cannot be read: \(Self.reason(error))", hint: nil)
    }
    guard bytes.count <= ConfigurationFolder.fileLimit else {
      throw Self.unreadable(path, "a policy has at most \(ConfigurationFolder.fileLimit >> 20) MB", hint: nil)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Self.unreadable(path, "not UTF-8 text", hint: "save the file as UTF-8")
    }
    try self.init(text: text, file: path)
  }

  /// Reads a whole policy from YAML or JSON.
  ///
  /// - Parameter file: its name, for what is told to be wrong.
  public init(text: String, file: String) throws(Diagnostics) {
    var diagnostics = Diagnostics()
    let documents = YAMLReader.documents(text, file: file, &diagnostics)
    if !diagnostics.errors.isEmpty { throw diagnostics }
    guard let document = documents.first, documents.count == 1 else {
      let place = documents.dropFirst().first?.mark ?? Mark(file: file, line: 1, column: 1)
      diagnostics.error(place, "a policy is one document", hint: "it has zone, user, scenes and businesses")
      throw diagnostics
    }
    let policy = FatiguePolicy(reading: document, zone: ZoneTables.zone(named:), &diagnostics)
    guard let policy, diagnostics.errors.isEmpty else { throw diagnostics }
    self = policy
  }

  private static func unreadable(_ path: String, _ message: String, hint: String?) -> Diagnostics {
    var diagnostics = Diagnostics()
    diagnostics.error(Mark(file: path, line: 1, column: 1), message, hint: hint)
    return diagnostics
  }

  private static func reason(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileReadNoSuchFile?, .fileNoSuchFile?: "there is none"
    case .fileReadNoPermission?: "no permission"
    default: error.localizedDescription
    }
  }
}
