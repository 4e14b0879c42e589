/// A path as one line of text: a cell a value, as high as the value is.
public enum Sparkline {
  private static let cells: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// - Parameter largest: the value of a full cell. Nil is a gap; what is not above 0 is the lowest cell.
  public static func text(_ values: [Double?], largest: Double) -> String {
    String(
      values.map { value in
        guard let value else { return " " }
        guard value > 0, largest > 0 else { return cells[0] }
        return cells[Int((min(1, value / largest) * Double(cells.count - 1)).rounded())]
      })
  }
}
