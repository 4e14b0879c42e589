/// What one more unit of each quota would earn: of a maximum, a channel or the budget, and what one unit less of a
/// minimum would. 0: it does not bind.
public struct Prices: Hashable, Sendable {
  /// A quota and its price.
  public struct Entry: Hashable, Sendable {
    public let quota: Quota
    /// In the unit of the values; never negative.
    public let price: Double
  }

  /// Of every quota there is, in the order of `Quotas`.
  public let entries: [Entry]

  /// - Parameter entries: what is negative or not finite counts as 0.
  public init(_ entries: [(quota: Quota, price: Double)]) {
    self.entries = entries.map { Entry(quota: $0.quota, price: $0.price > 0 && $0.price < 1e30 ? $0.price : 0) }
  }

  init(_ rows: [QuotaRow], _ prices: [Double]) { self.init(zip(rows, prices).map { ($0.quota, $1) }) }

  /// What is to be subtracted from what a send of each copy is worth; negative where a minimum wants it.
  public func costs(_ quotas: Quotas) -> [Double] {
    let rows = quotas.rows
    var costs = [Double](repeating: 0, count: quotas.copies)
    for (row, members) in zip(rows, quotas.members(of: rows)) {
      for copy in members { costs[copy] += row.sign * self[row.quota] }
    }
    return costs
  }

  /// 0 where there is no such quota.
  public subscript(quota: Quota) -> Double { entries.first { $0.quota == quota }?.price ?? 0 }
}
