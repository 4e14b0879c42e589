/// Bars of several series side by side, for each of some categories: as text for a terminal, as SVG for a page.
public struct BarChart: Sendable {
  public struct Series: Sendable {
    public var name: String
    /// One a category, none negative.
    public var values: [Int]

    public init(_ name: String, _ values: [Int]) {
      self.name = name
      self.values = values
    }
  }

  public var title: String
  /// What the categories are of.
  public var axis: String
  /// What is counted.
  public var unit: String
  public var categories: [String]
  public var series: [Series]

  public init(title: String, axis: String, unit: String, categories: [String], series: [Series]) {
    self.title = title
    self.axis = axis
    self.unit = unit
    self.categories = categories
    self.series = series
  }

  var largest: Int { max(1, series.flatMap(\.values).max() ?? 1) }

  /// A line a bar, `width` cells the longest; the series take turns in how their bars are filled.
  public func text(width: Int = 46) -> String {
    let names = (categories.map(\.terminalWidth).max() ?? 0, series.map(\.name.terminalWidth).max() ?? 0)
    var lines = ["\(title): \(unit) by \(axis)", ""]
    for (place, category) in categories.enumerated() {
      for (number, one) in series.enumerated() where place < one.values.count {
        let count = one.values[place]
        let bar = Bar.text(Double(count) / Double(largest), width: width, number % 2 == 0 ? "▒" : "█", of: count)
        lines.append(
          (number == 0 ? category : "").padded(to: names.0) + "  " + one.name.padded(to: names.1) + "  " + bar)
      }
    }
    return lines.joined(separator: "\n")
  }
}

enum Bar {
  /// A bar and its number: `fraction` of `width` cells, in eighths where the cell can be cut; never nothing for a count.
  static func text(_ fraction: Double, width: Int, _ cell: Character, of count: Int) -> String {
    let eighths = max(count > 0 ? 1 : 0, Int((fraction * Double(width * 8)).rounded()))
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let full = String(repeating: cell, count: eighths / 8)
    let rest = cell == "█" ? parts[eighths % 8] : full.isEmpty && count > 0 ? String(cell) : ""
    return full + rest + " " + count.grouped
  }
}
