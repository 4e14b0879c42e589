public import AttuneModel

extension Learner {
  /// The copy of the greatest utility at log odds drawn from what is believed; with the floor's probability any eligible
  /// one. Holds when none is eligible, or none is worth more than holding: the floor changes what is sent, not whether.
  public func choose(_ context: Context, _ terms: Terms = Terms(), using generator: inout SeededGenerator) -> Choice {
    choose(scores(for: context), terms, using: &generator)
  }

  /// The same, of scores that are there already. Withdrawn copies are not eligible.
  public func choose(_ scores: [Score], _ terms: Terms, using generator: inout SeededGenerator) -> Choice {
    let terms = present(terms)
    let isLot = generator.fraction() < configuration.floor
    var choice = Choice(
      copy: nil, isExploration: false, scores: scores, draws: [Double](repeating: .nan, count: scores.count))
    var eligible = 0
    var best = terms.bar
    // Where clicks alone count, log odds compare as utilities do.
    let isPlain = terms.costs.isEmpty && terms.hold == nil && terms.alternative == nil && terms.worth > 0
    for copy in scores.indices where terms.isEligible(copy) {
      eligible += 1
      let (mean, deviation) = configuration.draw(of: scores[copy])
      let z = mean + deviation * generator.normal()
      choice.draws[copy] = z
      let utility = isPlain ? z : terms.utility(copy, logOdds: z)
      if utility > best { (best, choice.copy) = (utility, copy) }
    }
    // A quota's unit is not for those whom nothing is worth its price.
    if isLot, eligible > 0, choice.copy != nil || terms.hold == nil {
      choice.isExploration = true
      var left = min(eligible - 1, Int(generator.fraction() * Double(eligible)))
      for copy in scores.indices where terms.isEligible(copy) {
        if left == 0 { choice.copy = copy }
        left -= 1
      }
    }
    return choice
  }

  /// How probable each outcome of `choose` is, now. Of an older record: `Propensity`, with what was eligible then.
  public func propensity(_ scores: [Score], _ terms: Terms) -> Propensity {
    Propensity(scores, present(terms), configuration)
  }

  private func present(_ terms: Terms) -> Terms {
    guard hasWithdrawn else { return terms }
    var terms = terms
    terms.eligible = places.indices.map { !places[$0].isWithdrawn && terms.isEligible($0) }
    return terms
  }
}
