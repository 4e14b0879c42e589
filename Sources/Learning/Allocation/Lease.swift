/// What one of several deciders may spend until it reports back: a part of the allowance, at prices that stand still.
public struct Lease: Hashable, Sendable {
  /// What may be spent, and is left.
  public private(set) var allowance: Allowance
  /// To be subtracted from what a send of each copy is worth; negative where a minimum wants it.
  public let costs: [Double]
  /// The arrivals decided under this lease.
  public private(set) var arrivals: ArrivalSample
  /// Arrivals that nothing could be sent to: they compete for nothing.
  public internal(set) var missed = 0

  /// Lent before there were prices: a part of all that is left, and whom it does not reach is held.
  public let isBlind: Bool

  init(_ allowance: Allowance, costs: [Double], arrivals: ArrivalSample, isBlind: Bool) {
    self.allowance = allowance
    self.costs = costs
    self.arrivals = arrivals
    self.isBlind = isBlind
  }

  /// What the next arrival may get.
  public var options: Allowance.Options { allowance.options }

  /// The copy that is worth most beyond its cost, or nil to hold: see `Allocator.choose`.
  public func choose(_ values: some RandomAccessCollection<Double>) -> Int? {
    Allocator.choose(values, costs: costs, options)
  }

  /// An arrival that nothing could be sent to.
  public mutating func miss() { missed += 1 }

  /// An arrival and what it got.
  /// - Parameters:
  ///   - values: what a send of each copy was thought to be worth, prices aside; NaN: it could not be sent.
  ///   - context: where one learns: `values` are then without what `settle`'s `worth` says of this context.
  /// - Returns: false when the copy may not be sent: it is counted as held.
  @discardableResult
  public mutating func observe(_ values: some Collection<Double>, context: Context? = nil, sent copy: Int?) -> Bool {
    let isSent = allowance.spend(copy)
    arrivals.append(values.lazy.map { Float($0) }, context, at: 0, sent: isSent ? copy : nil)
    return isSent
  }
}
