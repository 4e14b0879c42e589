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

extension BarChart {
  /// A picture of its own, charts one below the other; it follows its reader into the dark.
  public static func svg(_ charts: [BarChart]) -> String {
    let height = charts.count * Panel.height
    let panels = charts.enumerated().map { number, chart in
      "<g transform=\"translate(0 \(number * Panel.height))\">\n\(Panel(chart).content)</g>\n"
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Panel.width) \(height)" width="\(Panel.width)" \
      height="\(height)" role="img">
      <style>
      text { font: 12px system-ui, sans-serif; fill: #1f2328; }
      .title { font-size: 14px; font-weight: 600; }
      .value { font-size: 10px; text-anchor: middle; }
      .middle { text-anchor: middle; }
      .end { text-anchor: end; }
      line { stroke: #d1d9e0; }
      .page { fill: #ffffff; }
      .a { fill: #d97706; }
      .b { fill: #2563eb; }
      @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3; }
        line { stroke: #30363d; }
        .page { fill: #0d1117; }
        .a { fill: #f59e0b; }
        .b { fill: #60a5fa; }
      }
      </style>
      <rect class="page" width="\(Panel.width)" height="\(height)"/>
      \(panels.joined())</svg>

      """
  }
}

/// One chart, drawn from the corner on; all in whole pixels.
private struct Panel {
  static let width = 760
  static let height = 320
  private static let (left, right, top, bottom) = (76, 740, 66, 270)

  private let chart: BarChart
  /// From one line across to the next.
  private let step: Int
  /// Of the uppermost.
  private let highest: Int

  init(_ chart: BarChart) {
    self.chart = chart
    // So that the line above it can be counted, too.
    let largest = min(chart.largest, .max / 4)
    step = Self.step(upTo: largest)
    highest = (largest + step - 1) / step * step
  }

  var content: String {
    let names = chart.categories.enumerated().map { place, name in
      Self.text(name, x: middle(of: place), y: Self.bottom + 18, "middle")
    }
    let title = Self.text(chart.title, x: Self.left, y: 24, "title")
    let across = Self.text(chart.axis, x: (Self.left + Self.right) / 2, y: Self.bottom + 38, "middle")
    return ([title, legend, scale] + chart.categories.indices.map(bars) + names + [across]).joined()
  }

  private var legend: String {
    chart.series.enumerated().map { number, series in
      let x = Self.left + number * 70
      return "<rect class=\"\(Self.fill(number))\" x=\"\(x)\" y=\"36\" width=\"11\" height=\"11\"/>\n"
        + Self.text(series.name, x: x + 16, y: 46)
    }.joined()
  }

  /// Lines across, with their numbers, and what is counted.
  private var scale: String {
    let lines = stride(from: 0, through: highest, by: step).map { value in
      let y = self.y(value)
      return "<line x1=\"\(Self.left)\" x2=\"\(Self.right)\" y1=\"\(y)\" y2=\"\(y)\"/>\n"
        + Self.text(value.grouped, x: Self.left - 8, y: y + 4, "end")
    }
    let middle = (Self.top + Self.bottom) / 2
    return lines.joined() + "<g transform=\"translate(14 \(middle)) rotate(-90)\">\n"
      + Self.text(chart.unit, x: 0, y: 0, "middle") + "</g>\n"
  }

  private func bars(of place: Int) -> String {
    let room = (Self.right - Self.left) / max(1, chart.categories.count)
    let width = max(1, room * 4 / 5 / max(1, chart.series.count))
    let start = middle(of: place) - width * chart.series.count / 2
    return chart.series.enumerated().filter { place < $0.element.values.count }.map { number, series in
      let value = series.values[place]
      // A pixel for what is there at all.
      let y = value > 0 ? min(self.y(value), Self.bottom - 1) : Self.bottom
      let x = start + number * width
      return "<rect class=\"\(Self.fill(number))\" x=\"\(x)\" y=\"\(y)\" width=\"\(max(1, width - 2))\" "
        + "height=\"\(Self.bottom - y)\"/>\n" + Self.text(value.grouped, x: x + width / 2 - 1, y: y - 4, "value")
    }.joined()
  }

  private func middle(of place: Int) -> Int {
    Self.left + (Self.right - Self.left) * (2 * place + 1) / (2 * max(1, chart.categories.count))
  }

  private func y(_ value: Int) -> Int {
    Self.bottom - Int((Double(value) / Double(highest) * Double(Self.bottom - Self.top)).rounded())
  }

  private static func fill(_ number: Int) -> String { number % 2 == 0 ? "a" : "b" }

  /// 1, 2 or 5 times a power of ten, such that there are at most six of them.
  private static func step(upTo largest: Int) -> Int {
    var power = 1
    while true {
      for step in [power, 2 * power, 5 * power] where largest / step <= 5 { return step }
      power *= 10
    }
  }

  private static func text(_ text: String, x: Int, y: Int, _ style: String = "") -> String {
    let style = style.isEmpty ? "" : " class=\"\(style)\""
    return "<text\(style) x=\"\(x)\" y=\"\(y)\">\(text.escapedForXML)</text>\n"
  }
}

extension String {
  /// As the text of an element of a picture.
  var escapedForXML: String {
    map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      default: String(character)
      }
    }.joined()
  }
}
