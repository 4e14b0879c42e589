import AttuneModel

/// Shares quotas among arrivals that come one after the other, by prices: each arrival gets the copy whose value exceeds
/// its cost most, and what a quota costs is what one more unit of it would earn.
///
/// The prices are those that minimise the dual of the allocation problem over the arrivals seen so far, with what is left
/// of the quotas: solved anew at every hundredth part of the arrivals. Where an earlier day is known, prices start from
/// its prices and pace along its consumption. (Agrawal, Wang, Ye 2014; beside mirror descent it measured better, and it
/// does not mind that arrivals are decided by the thousand at one set of prices.)
public struct Allocator: Hashable, Sendable {
  /// What may be sent and has to be.
  public let quotas: Quotas
  /// An earlier day, where one is known.
  public let forecast: Forecast?
  /// What is left of the quotas, leases aside.
  public internal(set) var allowance: Allowance
  /// To be subtracted from what a send of each copy is worth; negative where a minimum wants it.
  public internal(set) var costs: [Double]
  /// What the prices go by at the moment.
  public internal(set) var basis: Basis
  /// The arrivals so far, and the values of a sample of them.
  public internal(set) var arrivals: ArrivalSample

  let rows: [QuotaRow]
  let members: [[Int]]
  /// One a row.
  var rowPrices: [Double]
  /// Of the window, from 0 to 1.
  var progress = 0.0
  var nextRepricing = 1
  /// Arrivals that nothing could be sent to.
  var missed = 0
  var withdrawn: [Bool]

  /// What prices go by.
  public enum Basis: UInt8, Sendable {
    /// The earlier day's prices and consumption.
    case forecast
    /// All arrivals so far: those to come will be like them.
    case past
    /// The latest arrivals alone: arrivals change, and no forecast says how.
    case latest
  }

  public init(_ quotas: Quotas, forecast: Forecast? = nil) {
    self.quotas = quotas
    self.forecast = forecast
    allowance = Allowance(quotas)
    rows = quotas.rows
    members = quotas.members(of: rows)
    rowPrices = rows.map { forecast?.prices[$0.quota] ?? 0 }
    basis = forecast == nil ? .past : .forecast
    arrivals = ArrivalSample(copies: quotas.copies)
    withdrawn = Array(repeating: false, count: quotas.copies)
    costs = []
    updateCosts()
  }

  /// What one more unit of each quota would earn, as far as is known.
  public var prices: Prices { Prices(rows, rowPrices) }
  /// What the next arrival may get.
  public var options: Allowance.Options { allowance.options }

  /// The copy that is worth most beyond its cost; nil to hold, when none is worth more than that, or none may be sent.
  /// - Parameter values: what a send of each copy is worth, prices aside; NaN: it cannot be sent.
  public func choose(_ values: some RandomAccessCollection<Double>) -> Int? {
    Self.choose(values, costs: costs, allowance.options)
  }

  static func choose(
    _ values: some RandomAccessCollection<Double>, costs: [Double], _ options: Allowance.Options
  ) -> Int? {
    var best = options.mayHold ? 0 : -Double.infinity
    var choice: Int?
    for (copy, value) in zip(costs.indices, values) where options.copies[copy] {
      let net = value - costs[copy]
      if net > best, net < .infinity { (best, choice) = (net, copy) }
    }
    return choice
  }

  /// An arrival and what it got.
  /// - Parameters:
  ///   - values: what a send of each copy was thought to be worth, prices aside; NaN: it could not be sent.
  ///   - context: where one learns: `values` are then without what `worth` says of this context.
  ///   - worth: what a send of each copy is worth by what is believed now. Asked when prices are solved anew, of all
  ///     contexts in the sample: beliefs of long ago would set prices for what nobody believes any more.
  /// - Returns: false when the copy may not be sent: it is counted as held.
  @discardableResult
  public mutating func observe(
    _ values: some Collection<Double>, context: Context? = nil, sent copy: Int?,
    worth: ((Context) -> [Double])? = nil
  ) -> Bool {
    let isSent = allowance.spend(copy)
    advance(by: 1)
    arrivals.append(values.lazy.map { Float($0) }, context, at: progress, sent: isSent ? copy : nil)
    if arrivals.count >= nextRepricing { reprice(worth) }
    return isSent
  }

  /// How many arrivals to decide before prices are solved anew: a hundredth of those expected, fewer
  /// at first and at the end.
  public var step: Int { max(1, nextRepricing - arrivals.count) }

  /// Hands everything that is left to those who decide the next arrivals at the same time, until `settle`.
  /// - Parameter pending: arrivals each of them is about to decide.
  public mutating func lease(pending: [Int]) -> [Lease] {
    let (turn, copies) = (arrivals.count, quotas.copies)
    // Nobody knows yet what a unit is worth: the first arrivals must not use up what is there for all.
    let isBlind = turn == 0 && forecast == nil
    let due = pending.reduce(0.0) { $0 + Double(max(0, $1)) }
    let kept = isBlind ? allowance.keep(1 - 2 * due / Double(max(1, allowance.rounds))) : nil
    defer { if let kept { allowance.join(kept) } }
    return allowance.split(pending: pending, turn: turn).enumerated().map { part, allowance in
      // At random, so that few arrivals of many are as likely in the sample as many of few.
      let skip = Int(mix64(mix64(UInt64(turn)) &+ UInt64(part)) % UInt64(arrivals.stride))
      let sample = ArrivalSample(copies: copies, stride: arrivals.stride, skip: skip)
      return Lease(allowance, costs: costs, arrivals: sample, isBlind: isBlind)
    }
  }

  /// Takes leases back, in the order given, and finds new prices.
  /// - Parameters:
  ///   - progress: how much of the window is over, from 0 to 1; nil: as much as of the arrivals expected.
  ///   - worth: as `observe` has it, where leases observed contexts.
  public mutating func settle(
    _ leases: [Lease], progress: Double? = nil, worth: ((Context) -> [Double])? = nil
  ) {
    let before = self.progress
    advance(by: leases.reduce(0) { $0 + $1.arrivals.count }, to: progress)
    for lease in leases {
      allowance.join(lease.allowance)
      missed = min(missed + lease.missed, Quotas.limit)
      arrivals.append(lease.arrivals, at: (before + self.progress) / 2)
    }
    for copy in withdrawn.indices where withdrawn[copy] { allowance.withdraw(copy: copy) }
    if progress == nil { expectReachable() }
    reprice(worth)
  }

  /// A send that was counted and did not come about: its units are free again.
  /// - Parameter sent: how often the copy was sent, without it.
  public mutating func restore(_ copy: Int, sent: Int) {
    guard withdrawn.indices.contains(copy), !withdrawn[copy] else { return }
    allowance.restore(copy, owed: max(0, quotas.minimum[copy] - max(0, sent)))
  }

  /// A copy that is not sent any more; what was owed to it is free for others.
  public mutating func withdraw(copy: Int) {
    guard withdrawn.indices.contains(copy) else { return }
    withdrawn[copy] = true
    allowance.withdraw(copy: copy)
  }
}
