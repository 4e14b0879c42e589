public import AttuneModel

/// What a publication makes of a document of the folder; rules have versions, and changes of their own.
public struct DocumentChange: Hashable, Sendable {
  public enum Part: Hashable, Sendable, CaseIterable { case settings, business, campaign }
  public enum Kind: Hashable, Sendable { case new, changed, removed }

  public let part: Part
  /// Of the business or campaign; empty for the settings.
  public let name: String
  public let kind: Kind
  /// Of a changed one.
  public let differences: [NodeDifference]
}

extension ConfigurationSource {
  /// The documents that say something else than those of another source, in the order of their parts and names.
  func changes(since previous: ConfigurationSource?) -> [DocumentChange] {
    DocumentChange.Part.allCases.flatMap { part in
      let (before, after) = (previous?.named(part) ?? [:], named(part))
      return Set(before.keys).union(after.keys).sorted().compactMap { name -> DocumentChange? in
        guard let old = before[name] else { return DocumentChange(part: part, name: name, kind: .new, differences: []) }
        guard let new = after[name] else {
          return DocumentChange(part: part, name: name, kind: .removed, differences: [])
        }
        let differences = new.differences(from: old)
        return differences.isEmpty
          ? nil : DocumentChange(part: part, name: name, kind: .changed, differences: differences)
      }
    }
  }

  private func named(_ part: DocumentChange.Part) -> [String: Node] {
    let documents =
      switch part {
      case .settings: settings.map { [("", $0)] } ?? []
      case .business: businesses.map { ($0["business"]?.scalar ?? "", $0) }
      case .campaign: campaigns.map { ($0["campaign"]?.scalar ?? "", $0) }
      }
    return Dictionary(documents) { first, _ in first }
  }
}
