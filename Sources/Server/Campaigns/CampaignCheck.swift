import AttuneModel
import HTTPTypes
import Insight
import Reach

/// Whether a campaign could be launched now, and for how many.
struct CampaignCheck: Sendable {
  var audience = 0
  var diagnostics = Diagnostics()
  var problem: Problem?

  /// - Parameter announced: users that will be handed in, where the audience is a file.
  init(_ document: Node, announced: Int, in engine: Engine) {
    let checked = engine.check(campaign: document, announced: announced, &diagnostics)
    guard let checked else {
      problem = Problem(diagnostics)
      return
    }
    audience = checked.audience
    if audience == 0 {
      problem = Problem(
        .unprocessableContent, "audience", "nobody is in the audience",
        hint: "hand users in ('attune campaign launch ... --audience FILE' does), or widen the predicate")
    } else if let reason = checked.refusal {
      problem = Problem(.unprocessableContent, "campaign", reason)
    }
  }
}
