import AttuneModel
import Learning
import Materials

extension CampaignAudience {
  /// Of a campaign's choices, the town's own truth about those it chose for.
  ///
  /// - Parameter verdicts: in the order in which the campaign decided.
  init(
    _ promise: Promises.Campaign, _ materials: [Material], _ verdicts: [Chronicle.Verdict], _ population: Population,
    _ appeal: Appeal
  ) throws(QuotaError) {
    let copies = promise.copies.map { copy in materials.first { $0.id == copy.id } }
    var (chances, choices) = ([[Double]](), [Choice?]())
    for verdict in verdicts {
      guard let place = population.place(of: verdict.user) else { continue }
      let resident = population.residents[place]
      let profile = resident.profile.changes
      chances.append(
        copies.map { copy in
          guard let copy, copy.weight > 0,
            copy.canFill({ name in profile.first { "profile." + $0.name == name }?.value })
          else { return .nan }
          return Network.arrival * appeal.click(on: copy.id, by: resident)
        })
      choices.append(
        verdict.message.flatMap { message in
          promise.copies.firstIndex { $0.id == message.material }.map { .init(copy: $0, isQuiet: message.isQuiet) }
        })
    }
    try self.init(chances: chances, choices: choices, promise)
  }
}
