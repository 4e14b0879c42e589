import AttuneModel
import Learning

extension LearnedChoice {
  /// - Parameter quotas: of a campaign that begins.
  mutating func begin(_ quotas: Quotas?, channels: [String]) {
    allocator = quotas.map { Allocator($0) }
    self.channels = channels
  }

  /// What one more of a copy would cost others, all its quotas together; negative where a minimum wants it.
  func price(of place: Int) -> Double {
    guard let allocator, allocator.costs.indices.contains(place) else { return 0 }
    return allocator.costs[place]
  }

  /// A price as people are told it: beyond the click that is all there is to earn, it says only that a minimum is out
  /// of reach.
  static func told(_ price: Double) -> Double { min(max(price, -1), 1) }

  /// Takes leases back, and finds new prices.
  mutating func settle(_ leases: [Lease]) {
    if leases.isEmpty { return }
    // By what is believed now: beliefs of long ago would set prices for what nobody believes any more.
    allocator?.settle(leases) { [learner] context in learner.worths(context) }
  }

  /// How much of each quota is used, and what one more unit would earn.
  var quotas: [ChoiceReport.Quota] {
    guard let allocator else { return [] }
    return allocator.prices.entries.compactMap { entry in
      guard let left = allocator.allowance.left(entry.quota), let limit = allocator.quotas.limit(of: entry.quota) else {
        return nil
      }
      var isMinimum = false
      let name: String
      switch entry.quota {
      case .maximum(let copy): name = "\(copies[copy].id), at most"
      case .minimum(let copy):
        name = "\(copies[copy].id), at least"
        isMinimum = true
      case .channel(let channel): name = "channel \(channels.indices.contains(channel) ? channels[channel] : "")"
      case .budget: name = "total"
      }
      return ChoiceReport.Quota(
        name: name, limit: limit, used: max(0, limit - left), price: Self.told(entry.price), isMinimum: isMinimum)
    }
  }
}

extension Quotas {
  fileprivate func limit(of quota: Quota) -> Int? {
    switch quota {
    case .maximum(let copy): maximum[copy]
    case .minimum(let copy): minimum[copy]
    case .channel(let channel): channelMaximum[channel]
    case .budget: budget
    }
  }
}
