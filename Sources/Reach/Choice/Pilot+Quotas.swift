import AttuneModel
import Learning
import Materials

extension QuotaPlan {
  /// As the allocator takes them: by the copies' places. Throws where the audience cannot meet them.
  /// - Parameter audience: users that may get something: all but those left out.
  func quotas(for business: Business, audience: Int) throws(QuotaError) -> Quotas? {
    if isEmpty { return nil }
    let materials = business.materials.all
    if let withdrawn = materials.first(where: { $0.weight == 0 && minima[$0.id] ?? 0 > 0 }) {
      throw QuotaError(
        .impossible, "'\(withdrawn.id)' has a minimum of \(minima[withdrawn.id] ?? 0), and the weight 0: it is not sent"
      )
    }
    let names = channels.keys.sorted()
    return try Quotas(
      rounds: audience, copies: materials.count, maximum: materials.map { maxima[$0.id] },
      minimum: materials.map { minima[$0.id] ?? 0 },
      channels: materials.map { names.firstIndex(of: $0.channel ?? business.channel) },
      channelMaximum: names.map { channels[$0] }, budget: total)
  }
}

extension Pilot {
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

extension Engine {
  /// Hands the quotas of campaigns out for a step in which some of their users may be decided about.
  mutating func lease(for waves: [Wave]) -> [String: [Lease]] {
    var leases: [String: [Lease]] = [:]
    // A step in which nobody is decided about has to leave no mark.
    let isAnybodyDue = partitions.contains { $0.deferrals.first ?? .distantFuture <= time.frontier }
    for (name, state) in campaigns where state.status == .running && pilots[name]?.allocator != nil {
      let wave = waves.first { $0.campaign == name }
      if wave == nil, state.deferred == 0 || !isAnybodyDue { continue }
      let slices = configuration.campaigns[name]?.slices
      let pending = partitions.indices.map { index in
        let members = partitions[index].audiences[name]
        let due = members?.upcoming(wave?.counts[index] ?? 0) ?? []
        // Units for those who are left out would stay unspent.
        let reachable = slices.map { slices in due.count { slices.slice(of: $0) != .holdout } } ?? due.count
        return reachable + (members?.deferred ?? 0)
      }
      leases[name] = pilots[name]?.allocator?.lease(pending: pending)
    }
    return leases
  }
}
