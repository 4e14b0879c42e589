import AttuneModel
import Materials
import Reach

extension TownSimulation {
  /// What the engine knows of a campaign in the end.
  struct CampaignFile: Sendable {
    var report: CampaignReport?
    var refusal: String?
    var materials: [Material]

    init(_ engine: Engine, _ document: Node, _ name: String) {
      report = engine.report(ofCampaign: name)
      materials = engine.configuration.businesses[name]?.materials.all ?? []
      if report != nil { return }
      let answer = engine.check(campaign: document)
      refusal = answer.refusal == .errors ? "\(answer.diagnostics)" : answer.refusal?.description
    }
  }

  func campaigns(_ files: [String: CampaignFile]) -> [TownCampaign] {
    files.sorted { $0.key < $1.key }.compactMap { name, file in
      guard let promise = promises.campaigns[name] else { return nil }
      var campaign = TownCampaign(
        name: name, report: file.report, refusal: file.refusal, diary: diaries[name] ?? CampaignDiary(),
        judgement: nil, wave: promise.wave, zone: zone)
      if file.report != nil, let audience = try? audience(of: name, promise, file.materials) {
        campaign.judgement = CampaignJudgement(audience, seed: settings.seed)
      }
      return campaign
    }
  }

  /// Its choices, and the truth about those it chose for.
  private func audience(
    of name: String, _ promise: Promises.Campaign, _ materials: [Material]
  ) throws -> CampaignAudience {
    let appeal = Appeal(seed: settings.seed)
    let copies = promise.copies.map { copy in materials.first { $0.id == copy.id } }
    var (chances, choices) = ([[Double]](), [CampaignAudience.Choice?]())
    for verdict in chronicle.verdicts(of: name) {
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
    return try CampaignAudience(chances: chances, choices: choices, promise)
  }
}
