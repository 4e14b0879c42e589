/// Columns of text, aligned for a terminal: the first to the left, numbers to the right.
public struct TextTable: Sendable {
  private let header: [String]
  private var rows: [[String]] = []

  public init(_ header: [String]) { self.header = header }

  public mutating func add(_ row: [String]) { rows.append(row) }

  public var text: String {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].terminalWidth }.max() ?? 0 }
    var lines = all.map { Self.line($0, widths) }
    lines.insert(widths.map { String(repeating: "─", count: $0) }.joined(separator: "──"), at: 1)
    return lines.joined(separator: "\n")
  }

  /// A row alone, for tables that grow while somebody reads them.
  ///
  /// - Parameter widths: of the columns, in cells; what is wider stands out.
  public static func line(_ row: [String], _ widths: [Int]) -> String {
    row.indices.map { column in
      let gap = String(repeating: " ", count: max(0, widths[column] - row[column].terminalWidth))
      return column == 0 ? row[column] + gap : gap + row[column]
    }.joined(separator: "  ")
  }
}

extension String {
  /// Filled up with spaces to so many cells.
  public func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - terminalWidth))
  }

  /// Cells it takes on a terminal: two for the scripts of East Asia and for emoji.
  public var terminalWidth: Int {
    reduce(0) { width, character in
      guard let scalar = character.unicodeScalars.first else { return width }
      switch scalar.value {
      case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
        0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
        return width + 2
      default: return width + 1
      }
    }
  }
}
