/// How the shares of several parts change over time: bands one above the other, from the first instant to the last.
///
///     let chart = ShareChart(
///       title: "Share of each copy", start: "09:00", end: "10:00", names: ["a", "b"], shares: [[0.5, 0.9], [0.5, 0.1]])
///     let svg = chart.svg
public struct ShareChart: Sendable {
  public var title: String
  /// What stands under the left and the right edge.
  public var start: String
  public var end: String
  /// Of the bands, the lowest first.
  public var names: [String]
  /// For each name its share of each column, 0 to 1; nil where there was next to nothing: the column before goes on.
  public var shares: [[Double?]]

  public init(title: String, start: String, end: String, names: [String], shares: [[Double?]]) {
    self.title = title
    self.start = start
    self.end = end
    self.names = names
    self.shares = shares
  }

  private static let (width, height) = (760, 300)
  private static let (left, right, top, bottom) = (52, 590, 44, 262)
  /// From a palette that stays apart for people who see fewer colours (Okabe and Ito 2008).
  private static let colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442"]

  /// A picture of its own; it follows its reader into the dark.
  public var svg: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.width) \(Self.height)" width="\(Self.width)" \
    height="\(Self.height)" role="img">
    <title>\(title.escapedForXML)</title>
    <style>
    text { font: 12px system-ui, sans-serif; fill: #1f2328; }
    .title { font-size: 14px; font-weight: 600; }
    .end { text-anchor: end; }
    .page { fill: #ffffff; }
    @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .page { fill: #0d1117; } }
    </style>
    <rect class="page" width="\(Self.width)" height="\(Self.height)"/>
    \(Self.text(title, x: Self.left, y: 24, "title"))\(bands)\(labels)</svg>

    """
  }

  private var columns: Int { shares.map(\.count).max() ?? 0 }

  /// What each band reaches up to in each column, 0 to 1.
  private var tops: [[Double]] {
    var tops = Array(repeating: Array(repeating: 0.0, count: columns), count: names.count)
    var before = Array(repeating: 0.0, count: names.count)
    for column in 0..<columns {
      let row = shares.map { $0.indices.contains(column) ? $0[column] : nil }
      if row.contains(where: { $0 != nil }) { before = row.map { $0 ?? 0 } }
      var sum = 0.0
      for name in names.indices {
        sum += before.indices.contains(name) ? before[name] : 0
        tops[name][column] = min(1, sum)
      }
    }
    return tops
  }

  private var bands: String {
    let tops = tops
    return names.indices.map { name in
      let lower = name == 0 ? Array(repeating: 0.0, count: columns) : tops[name - 1]
      let edge = (0..<columns).map { point($0, tops[name][$0]) } + (0..<columns).reversed().map { point($0, lower[$0]) }
      return
        "<polygon fill=\"\(Self.colours[name % Self.colours.count])\" points=\"\(edge.joined(separator: " "))\"/>\n"
    }.joined()
  }

  private func point(_ column: Int, _ share: Double) -> String {
    let x = Self.left + (Self.right - Self.left) * column / max(1, columns - 1)
    return "\(x),\(Self.y(share))"
  }

  private var labels: String {
    let scale = [(0.0, "0%"), (0.5, "50%"), (1.0, "100%")].map {
      Self.text($1, x: Self.left - 8, y: Self.y($0) + 4, "end")
    }
    // The uppermost band's name stands uppermost, too.
    let legend = names.indices.map { name in
      let y = Self.top + 12 + (names.count - 1 - name) * 22
      return "<rect fill=\"\(Self.colours[name % Self.colours.count])\" x=\"\(Self.right + 20)\" y=\"\(y - 10)\" "
        + "width=\"12\" height=\"12\"/>\n" + Self.text(names[name], x: Self.right + 38, y: y)
    }
    let times = [
      Self.text(start, x: Self.left, y: Self.bottom + 20), Self.text(end, x: Self.right, y: Self.bottom + 20, "end"),
    ]
    return (scale + legend + times).joined()
  }

  private static func y(_ share: Double) -> Int { bottom - Int((share * Double(bottom - top)).rounded()) }

  private static func text(_ text: String, x: Int, y: Int, _ style: String = "") -> String {
    "<text\(style.isEmpty ? "" : " class=\"\(style)\"") x=\"\(x)\" y=\"\(y)\">\(text.escapedForXML)</text>\n"
  }
}
