/// The most that anybody could have earned with the arrivals there were, knowing them all beforehand.
///
/// For any prices >= 0 the dual function is an upper bound of every allocation that keeps the quotas; here its minimum
/// is found, so the bound is also within a few rows' value of what a linear program would find.
public struct HindsightBound: Hashable, Sendable {
  /// In the unit of the values.
  public let value: Double
  /// At the minimum: what one unit more of each quota would have earned.
  public let prices: Prices
}

extension HindsightBound {
  /// - Parameter values: row by row, one of each copy; what is not finite cannot be chosen. A rest of a row is left out.
  public init(values: [Float], quotas: Quotas) {
    let rows = quotas.rows
    let dual = SmoothedDual(
      values: values, copies: quotas.copies, rows: rows, members: quotas.members(of: rows),
      limits: rows.map { Double($0.limit) })
    let minimum = dual.minimum()
    value = dual.bound(minimum)
    prices = Prices(rows, minimum)
  }
}

extension SmoothedDual {
  /// The prices at the minimum: first on a part of the rows, then on all, colder and colder.
  func minimum() -> [Double] {
    guard scale > 0, !rows.isEmpty else { return Array(repeating: 0, count: rows.count) }
    var prices = Array(repeating: inside(0.5 * scale), count: rows.count)
    var part = self
    part.stride = max(1, count / 4000)
    for temperature in [0.5, 0.1, 0.02] {
      prices = part.minimise(from: prices, temperature: temperature * scale, steps: 20)
    }
    for temperature in [0.02, 0.004, 0.0008, 0.0002] {
      prices = minimise(from: prices, temperature: temperature * scale, steps: 8)
    }
    return prices
  }
}
