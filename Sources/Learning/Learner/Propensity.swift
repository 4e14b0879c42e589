/// The probability of every possible outcome of `Learner.choose`, from what its record holds.
///
/// The scores are drawn independently, so a copy's probability is the integral, over its own draw, of the product of the
/// others' probabilities to stay below. The absolute error is below 1e-8, of which the draws' own distribution (a
/// quantile function of nine digits) is the most.
public struct Propensity: Sendable {
  private let floor: Double
  private let utilities: CopyUtilities
  private let copies: Int
  private let eligible: Int
  /// Copies that the draws can choose.
  private let rivals: [Rival]
  /// The least utility to be beaten: of holding, or of a copy whose draw is certain.
  private let bar: Double
  /// The copy whose draw is certain, and beats holding and all others like it.
  private let certain: Int?

  private struct Rival {
    let copy: Int
    let mean: Double
    let deviation: Double
  }

  /// Below this deviation of log odds a draw counts as certain.
  private static let leastDeviation = 1e-9
  /// In standard deviations: what lies beyond adds less than the error stated.
  private static let furthestDraw = 8.4

  /// - Parameters: as the choice's record has them, and `utilities` with what was eligible then.
  public init(_ scores: [Score], _ utilities: CopyUtilities, _ configuration: LearnerConfiguration) {
    self.utilities = utilities
    copies = scores.count
    floor = configuration.floor
    var rivals: [Rival] = []
    var (bar, certain, eligible) = (utilities.bar, nil as Int?, 0)
    for (copy, score) in scores.enumerated() where utilities.isEligible(copy) {
      eligible += 1
      let (mean, deviation) = configuration.draw(of: score)
      if deviation > Self.leastDeviation, utilities.cost(copy) < .infinity, utilities.worth > 0 {
        rivals.append(Rival(copy: copy, mean: mean, deviation: deviation))
      } else if utilities.utility(copy, logOdds: mean) > bar {
        (bar, certain) = (utilities.utility(copy, logOdds: mean), copy)
      }
    }
    self.rivals = rivals
    self.bar = bar
    self.certain = certain
    self.eligible = eligible
  }

  /// The probability that `choose` chose this copy.
  ///
  /// - Parameter copy: its place; nil: that it held.
  public func of(_ copy: Int?) -> Double {
    guard eligible > 0 else { return copy == nil ? 1 : 0 }
    let held = certain == nil ? allBelow(bar) : 0
    // Where one may hold, the floor has no say in whether.
    let explored = utilities.hold == nil ? floor : floor * (1 - held)
    guard let copy else { return utilities.hold == nil ? (1 - floor) * held : held }
    guard 0..<copies ~= copy, utilities.isEligible(copy) else { return 0 }
    // Of an integral: it may be off by its error.
    return min(1, (1 - floor) * drawn(copy) + explored / Double(eligible))
  }

  private func drawn(_ copy: Int) -> Double {
    if copy == certain { return allBelow(bar) }
    guard let rival = rivals.first(where: { $0.copy == copy }) else { return 0 }
    let least = (utilities.logOdds(of: bar, rival.copy) - rival.mean) / rival.deviation
    return Quadrature.integral(
      from: max(least, -Self.furthestDraw), to: Self.furthestDraw, panels: 12, tolerance: 1e-10
    ) { draw in
      let z = rival.mean + rival.deviation * draw
      return Normal.density(draw) * othersBelow(z, of: rival)
    }
  }

  private func othersBelow(_ z: Double, of rival: Rival) -> Double {
    let utility = utilities.utility(rival.copy, logOdds: z)
    var product = 1.0
    for other in rivals where other.copy != rival.copy {
      // Of the same cost, utilities compare as the draws do, and lose no digits.
      let limit = utilities.costAlike(other.copy, rival.copy) ? z : utilities.logOdds(of: utility, other.copy)
      product *= Normal.cumulative((limit - other.mean) / other.deviation)
      if product == 0 { break }
    }
    return product
  }

  private func allBelow(_ utility: Double) -> Double {
    rivals.reduce(1) { $0 * Normal.cumulative((utilities.logOdds(of: utility, $1.copy) - $1.mean) / $1.deviation) }
  }
}
