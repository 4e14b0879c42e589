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
