public import AttuneModel

extension Learner {
  /// Chooses the copy of the greatest utility at log odds drawn from what is believed; with the floor's probability any
  /// eligible one. Holds when none is eligible, or none is worth more than holding: the floor changes what is sent, not
  /// whether.
  ///
  /// - Parameter generator: the same generator and learner give the same choice.
  public func choose(
    _ context: Context, _ utilities: CopyUtilities = CopyUtilities(), using generator: inout SeededGenerator
  ) -> Choice {
    choose(scores(for: context), utilities, using: &generator)
  }

  /// The same, of scores that are there already. Withdrawn copies are not eligible.
  public func choose(_ scores: [Score], _ utilities: CopyUtilities, using generator: inout SeededGenerator) -> Choice {
    let utilities = withoutWithdrawn(utilities)
    let isExploring = generator.fraction() < configuration.floor
    var choice = Choice(
      copy: nil, isExploration: false, scores: scores, draws: [Double](repeating: .nan, count: scores.count))
    var eligible = 0
    var best = utilities.bar
    // Where clicks alone count, log odds compare as utilities do.
    let isPlain =
      utilities.costs.isEmpty && utilities.hold == nil && utilities.alternative == nil && utilities.worth > 0
    for copy in scores.indices where utilities.isEligible(copy) {
      eligible += 1
      let (mean, deviation) = configuration.draw(of: scores[copy])
      let z = mean + deviation * generator.normal()
      choice.draws[copy] = z
      let utility = isPlain ? z : utilities.utility(copy, logOdds: z)
      if utility > best { (best, choice.copy) = (utility, copy) }
    }
    // A quota's unit is not for those whom nothing is worth its price.
    if isExploring, eligible > 0, choice.copy != nil || utilities.hold == nil {
      choice.isExploration = true
      var left = min(eligible - 1, Int(generator.fraction() * Double(eligible)))
      for copy in scores.indices where utilities.isEligible(copy) {
        if left == 0 { choice.copy = copy }
        left -= 1
      }
    }
    return choice
  }

  /// The probability of each outcome of `choose`, now. For an older record make a `Propensity` with what was eligible
  /// then.
  public func propensity(_ scores: [Score], _ utilities: CopyUtilities) -> Propensity {
    Propensity(scores, withoutWithdrawn(utilities), configuration)
  }

  /// What a send of each copy is worth, in clicks: the middle of what `choose` draws. It is optimistic like the draws are;
  /// prices from plain means would let too many through.
  public func worths(_ context: Context) -> [Double] {
    scores(for: context).map { Elementary.sigmoid(configuration.draw(of: $0).mean) }
  }

  private func withoutWithdrawn(_ utilities: CopyUtilities) -> CopyUtilities {
    guard hasWithdrawn else { return utilities }
    var utilities = utilities
    utilities.eligible = places.indices.map { !places[$0].isWithdrawn && utilities.isEligible($0) }
    return utilities
  }
}
