import AttuneModel
import HTTPTypes
import Reach

extension Problem {
  /// Nil unless the campaign was refused.
  init?(_ answer: LaunchAnswer) {
    switch answer.refusal {
    case nil: return nil
    case .errors: self.init(answer.diagnostics)
    case .emptyAudience:
      self.init(
        .unprocessableContent, "audience", "nobody is in the audience",
        hint: "hand users in ('attune campaign launch ... --audience FILE' does), or widen the predicate")
    case .windowOver, .quotas: self.init(.unprocessableContent, "campaign", answer.refusal?.description ?? "")
    }
  }
}
