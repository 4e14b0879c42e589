public import Learning

/// The users of an invented audience, all at once, and SMART-PUSH.md's quotas for them.
public struct QuotaAudience: Sendable {
  public let features: [[Double]]
  /// Row by row, the probability that the user clicks each copy.
  public let probabilities: [Float]
  public let quotas: Quotas

  public var rounds: Int { features.count }

  /// How log odds move over the window, from 0 to 1 of it.
  public enum Course: String, Sendable, CaseIterable {
    case even
    /// Mornings are warm and afternoons cold.
    case day
    /// The other way round.
    case night
    /// Cold, and warm from the middle on.
    case rise

    func shift(_ x: Double) -> Double {
      // A wave of parabolas: no sine is the same on every machine.
      let half = x < 0.5 ? 8 * x * (1 - 2 * x) : -8 * (2 * x - 1) * (1 - x)
      switch self {
      case .even: return 0
      case .day: return half
      case .night: return -half
      case .rise: return x < 0.5 ? -0.7 : 0.7
      }
    }
  }

  /// - Parameter seed: also of the weights; another `day` of the same seed has other users.
  public init(
    _ kind: ClickEnvironment.Kind, rounds: Int, seed: UInt64, day: Int = 0, course: Course = .even
  ) throws(QuotaError) {
    // Users are drawn one after another: another day is what comes later.
    var users = ClickEnvironment(kind, rounds: rounds * (day + 1), seed: seed)
    var features: [[Double]] = []
    var probabilities: [Float] = []
    for _ in 0..<rounds * day { _ = users.next() }
    for round in 0..<rounds {
      let user = users.next()
      let shift = course.shift(Double(round) / Double(max(1, rounds)))
      features.append(user.features)
      for p in user.probabilities {
        probabilities.append(Float(shift == 0 ? p : Elementary.sigmoid(Elementary.logit(p) + shift)))
      }
    }
    self.features = features
    self.probabilities = probabilities
    quotas = try Self.quotas(probabilities, rounds: rounds)
  }

  /// The copy with the best mean has the smallest maximum, the weakest a minimum.
  private static func quotas(_ probabilities: [Float], rounds: Int) throws(QuotaError) -> Quotas {
    let copies = ClickEnvironment.copies
    var means = [Double](repeating: 0, count: copies)
    for (index, p) in probabilities.enumerated() { means[index % copies] += Double(p) }
    let order = means.indices.sorted { means[$0] > means[$1] }
    var maximum = [Int?](repeating: nil, count: copies)
    var minimum = [Int](repeating: 0, count: copies)
    for (copy, percent) in zip(order, [10, 12, 15, 20, 25]) { maximum[copy] = rounds * percent / 100 }
    if let weakest = order.last { minimum[weakest] = rounds * 5 / 100 }
    return try Quotas(
      rounds: rounds, copies: copies, maximum: maximum, minimum: minimum, budget: rounds * 60 / 100)
  }

  func values(of round: Int) -> [Double] {
    let copies = ClickEnvironment.copies
    return probabilities[round * copies..<(round + 1) * copies].map(Double.init)
  }

  /// What this day teaches the next: its best prices, and what was sent when at these.
  func forecast(segments: Int = 48) -> Forecast? {
    let hindsight = HindsightBound(values: probabilities, quotas: quotas)
    let costs = hindsight.prices.costs(quotas)
    var arrivals = [Int](repeating: 0, count: segments)
    var sends = [[Int]](repeating: [Int](repeating: 0, count: quotas.copies), count: segments)
    for round in 0..<rounds {
      let segment = round * segments / rounds
      arrivals[segment] += 1
      let nets = zip(values(of: round), costs).map { $0 - $1 }
      guard let best = nets.indices.max(by: { nets[$0] < nets[$1] }), nets[best] > 0 else { continue }
      sends[segment][best] += 1
    }
    return Forecast(prices: hindsight.prices, arrivals: arrivals, sends: sends)
  }
}
