import AttuneModel
import Materials
import Reach

/// What the engine knows of a campaign in the end.
struct CampaignRecord: Sendable {
  var name: String
  var report: CampaignReport?
  /// Why it was not launched; nil where it was.
  var refusal: String?
  var materials: [Material]

  /// Nil where the document names no campaign.
  init?(_ engine: Engine, _ document: Node) {
    guard let name = document["campaign"]?.scalar else { return nil }
    self.name = name
    report = engine.report(ofCampaign: name)
    materials = engine.configuration.businesses[name]?.materials.all ?? []
    if report != nil { return }
    let answer = engine.check(campaign: document)
    refusal = answer.refusal == .errors ? "\(answer.diagnostics)" : answer.refusal?.description
  }
}
