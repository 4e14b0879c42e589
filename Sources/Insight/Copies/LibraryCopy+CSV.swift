import AttuneModel
public import Codec
public import Materials

extension CSVWriter {
  /// Columns that an import understands. The counts are the ones that were brought along.
  public static let copyColumns = CopyError.Part.allCases.map(\.rawValue)

  public mutating func row(_ copy: LibraryCopy) {
    let past = copy.past
    row(
      CopyError.Part.allCases.map { part in
        switch part {
        case .id: copy.id
        case .title: copy.title
        case .body: copy.body
        case .tags: copy.tags.joined(separator: ";")
        case .scene: copy.scene ?? ""
        case .language: copy.language ?? ""
        case .created: Self.number(copy.created?.milliseconds)
        case .sends: Self.number(past?.counts.sends)
        case .deliveries: Self.number(past?.counts.deliveries)
        case .clicks: Self.number(past?.counts.clicks)
        case .conversions: Self.number(past?.counts.conversions)
        case .optOuts: Self.number(past?.counts.optOuts)
        case .lastUsed: Self.number(past?.lastUsed?.milliseconds)
        }
      })
  }

  private static func number(_ number: (some BinaryInteger)?) -> String { number.map { "\($0)" } ?? "" }
}
