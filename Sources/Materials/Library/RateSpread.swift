public import Learning

/// How a rate is spread over the copies of a library: the prior that each copy's own counts pull it away from.
///
/// Beta-binomial, by empirical Bayes: the spread is the likeliest given all counts, the mean is weighted as that spread
/// wants it. A weak belief keeps a small library sane: rates differ by about 40% of their mean, give or take a factor
/// of two, and the mean is the usual one until some hundred sends say otherwise.
public struct RateSpread: Hashable, Sendable {
  /// How the rate is spread: what is believed of a copy before its own counts.
  public let prior: Beta

  /// What is believed before anything is counted.
  public struct Belief: Hashable, Sendable {
    var mean: Double
    /// How many sends that is worth.
    var weight: Double

    /// Of click rates: 3%, worth 100 sends.
    public static let clicks = Belief(mean: 0.03, weight: 100)
    /// Of opt-out rates: 0.1%, worth 1000 sends.
    public static let optOuts = Belief(mean: 0.001, weight: 1000)
  }

  private static let usualVariation = 0.4
  private static let doubtOfVariation = 0.7
  /// Counts that are looked at; a sample of more says as much.
  private static let sample = 2000

  public init(_ counts: [(successes: Int, trials: Int)], believing belief: Belief) {
    let told = counts.filter { $0.trials > 0 }.map {
      (successes: min(Double(max(0, $0.successes)), Double($0.trials)), trials: Double($0.trials))
    }
    let step = max(1, (told.count + Self.sample - 1) / Self.sample)
    let trials = stride(from: 0, to: told.count, by: step).map { told[$0] }
    func prior(_ variation: Double) -> Beta { Self.prior(Elementary.exp(variation), trials, belief) }
    let best = Self.greatest(in: Elementary.log(0.02)...Elementary.log(4)) { variation in
      let doubt = (variation - Elementary.log(Self.usualVariation)) / Self.doubtOfVariation
      return Self.likelihood(of: trials, prior(variation)) - doubt * doubt / 2
    }
    self.prior = prior(best)
  }

  /// What is known of a copy's rate.
  public func posterior(successes: Int, trials: Int) -> Beta {
    prior.updated(successes: min(successes, trials), failures: trials - max(0, min(successes, trials)))
  }

  private typealias Trials = (successes: Double, trials: Double)

  /// - Parameter variation: the standard deviation over the mean.
  private static func prior(_ variation: Double, _ counts: [Trials], _ belief: Belief) -> Beta {
    var mean = belief.mean
    var strength = self.strength(mean, variation)
    for _ in 0..<4 {
      var (sum, weights) = (belief.mean * belief.weight, belief.weight)
      for (successes, trials) in counts {
        // Trials of one copy are alike, and so are worth fewer.
        let weight = trials * (strength + 1) / (strength + trials)
        sum += weight * successes / trials
        weights += weight
      }
      mean = min(max(sum / weights, 1e-7), 1 - 1e-7)
      strength = self.strength(mean, variation)
    }
    return Beta(mean: mean, strength: strength)
  }

  private static func strength(_ mean: Double, _ variation: Double) -> Double {
    max(0.5, (1 - mean) / (mean * variation * variation) - 1)
  }

  private static func likelihood(of counts: [Trials], _ prior: Beta) -> Double {
    let (a, b) = (prior.alpha, prior.beta)
    let constant = Beta.logGamma(a + b) - Beta.logGamma(a) - Beta.logGamma(b)
    return counts.reduce(0) { sum, count in
      sum + constant + Beta.logGamma(a + count.successes) + Beta.logGamma(b + count.trials - count.successes)
        - Beta.logGamma(a + b + count.trials)
    }
  }

  /// Where a function of one hill is greatest: a coarse look, then golden sections.
  private static func greatest(in range: ClosedRange<Double>, _ value: (Double) -> Double) -> Double {
    let step = (range.upperBound - range.lowerBound) / 16
    let coarse = (0...16).map { range.lowerBound + Double($0) * step }
    let values = coarse.map(value)
    let top = values.indices.max { values[$0] < values[$1] } ?? 0
    var (low, high) = (coarse[max(0, top - 1)], coarse[min(16, top + 1)])
    let golden = 0.6180339887498949
    var (left, right) = (high - golden * (high - low), low + golden * (high - low))
    var (atLeft, atRight) = (value(left), value(right))
    for _ in 0..<12 {
      if atLeft > atRight {
        (high, right, atRight) = (right, left, atLeft)
        left = high - golden * (high - low)
        atLeft = value(left)
      } else {
        (low, left, atLeft) = (left, right, atRight)
        right = low + golden * (high - low)
        atRight = value(right)
      }
    }
    return (low + high) / 2
  }
}
