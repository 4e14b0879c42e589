/// An estimate and the range that holds the truth with a stated confidence.
public struct Interval: Hashable, Sendable {
  public var estimate: Double
  public var low: Double
  public var high: Double

  public init(estimate: Double, low: Double, high: Double) {
    self.estimate = estimate
    self.low = low
    self.high = high
  }

  /// Nothing is known.
  public static let unknown = Interval(estimate: 0, low: -.infinity, high: .infinity)

  public func contains(_ value: Double) -> Bool { low <= value && value <= high }

  /// Whether it leaves out zero: of a difference, that there is one.
  public var isSignificant: Bool { !contains(0) }
}
