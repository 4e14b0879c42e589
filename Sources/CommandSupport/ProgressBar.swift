/// How far something is, drawn with block characters.
public struct ProgressBar: Sendable {
  /// From 0 to 1; what lies outside counts as the nearer end.
  public var fraction: Double
  /// Cells.
  public var width: Int

  public init(_ fraction: Double, width: Int = 30) {
    self.fraction = fraction.isNaN ? 0 : max(0, min(1, fraction))
    self.width = width
  }

  public var text: String {
    let full = Int(fraction * Double(width))
    return String(repeating: "█", count: full) + String(repeating: "·", count: width - full)
  }
}
