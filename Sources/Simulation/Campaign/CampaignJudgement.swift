import AttuneModel

/// Clicks to expect of what a campaign did, beside what simpler ways would have brought with the same people, in the
/// same order, under the same quotas: all by the town's true chances, none of them counted clicks.
public struct CampaignJudgement: Hashable, Sendable {
  /// People it had the choice to send to: filters, fatigue and the holdout kept it from the others.
  public var people: Int
  public var campaign: Double
  /// Means of `draws`.
  public var uniform: Double
  public var testThenWinner: Double
  /// Of all draws, how many of each the campaign was better than.
  public var betterThanUniform: Int
  public var betterThanWinner: Int
  /// No allocation has more. Nil where minimums leave no freedom to speak of.
  public var bound: Double?

  public static let draws = 100

  public var liftOverUniform: Double { lift(over: uniform) }
  public var liftOverWinner: Double { lift(over: testThenWinner) }

  /// Of the bound.
  func share(_ clicks: Double) -> Double? { bound.flatMap { $0 > 0 ? clicks / $0 : nil } }

  private func lift(over other: Double) -> Double { other > 0 ? campaign / other - 1 : 0 }
}

extension CampaignJudgement {
  init(_ audience: CampaignAudience, seed: UInt64) {
    var generator = SeededGenerator(seed: mix64(seed &+ 2))
    var (uniform, winner) = ([Double](), [Double]())
    for _ in 0..<Self.draws {
      uniform.append(audience.uniform(&generator))
      winner.append(audience.testThenWinner(&generator))
    }
    let clicks = audience.clicks
    self.init(
      people: audience.chances.count, campaign: clicks, uniform: uniform.reduce(0, +) / Double(Self.draws),
      testThenWinner: winner.reduce(0, +) / Double(Self.draws), betterThanUniform: uniform.count { $0 < clicks },
      betterThanWinner: winner.count { $0 < clicks }, bound: audience.bound)
  }
}
