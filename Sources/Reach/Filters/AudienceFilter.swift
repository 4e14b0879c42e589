import AttuneModel
import Rules

/// A predicate over the profile: `{ audience: "profile.city in ['Hangzhou', 'Shanghai']" }`.
struct AudienceFilter: Filter {
  static let name = "audience"

  let predicate: Expression

  static func read(_ options: Node?, _ context: FilterReading, _ diagnostics: inout Diagnostics) -> (any Filter)? {
    guard let options else {
      diagnostics.error(
        context.mark, "the audience has no predicate", hint: "{ audience: \"profile.city == 'Hangzhou'\" }")
      return nil
    }
    return Expression.condition(options, scope: .profile, zone: context.zone, &diagnostics)
      .map(AudienceFilter.init(predicate:))
  }

  func answer(_ question: FilterQuestion) -> FilterAnswer {
    predicate.holds(profile: question.profile) ? .pass() : .refuse(reason: "outside the audience")
  }
}
