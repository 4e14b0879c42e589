public import AttuneModel

// How many messages the clicks came of tells how long clicks take, and the other way round.
extension ClickDelays {
  /// Delays whose m is so many octaves from the usual one, and how well they fit what was seen.
  struct View {
    var shares: [Double]
    var fit: Double
    /// With each rate of clicks, of so many messages of these ages; empty where no messages are known.
    var fits: [Double]

    var best: Double { fit + (fits.max() ?? 0) }
  }

  private static let octaves = -14...6
  /// Log odds of rates of clicks.
  private static let rates = (-80...25).map { Double($0) / 10 }

  static func shares(octave: Int, _ edges: [TimeSpan]) -> [Double] {
    let factor = octave < 0 ? 1 / Double(1 << -octave) : Double(1 << octave)
    return prior(edges, half: usualHalf * factor)
  }

  /// - Parameters:
  ///   - within: clicks in each bucket of messages older than its end, by copy.
  ///   - upTo: and up to it.
  ///   - step: only every so many of the rates are looked at.
  func views(_ within: [[Double]], _ upTo: [[Double]], at now: Instant, every step: Int) -> [View] {
    let (within, upTo) = (Self.sum(within), Self.sum(upTo))
    return Self.octaves.map { octave in
      let shares = Self.shares(octave: octave, edges)
      return View(
        shares: shares, fit: fit(of: shares, octave, within, upTo),
        fits: fits(ofRatesWith: shares, at: now, every: step))
    }
  }

  /// The prior that explains best what was seen; far from the usual one only where much speaks for it.
  static func likeliest(_ views: [View]) -> [Double]? { views.max { $0.best < $1.best }?.shares }

  /// How well delays fit the clicks that were seen; two and a half octaves from the usual ones are nothing unusual.
  private func fit(of shares: [Double], _ octave: Int, _ within: [Double], _ upTo: [Double]) -> Double {
    var likelihood = -Double(octave * octave) / 12.5
    for bucket in 1..<Self.buckets where upTo[bucket] > 0 {
      let hazard = min(max(1 - shares[bucket - 1] / shares[bucket], 1e-9), 1 - 1e-9)
      likelihood +=
        within[bucket] * Elementary.log(hazard) + (upTo[bucket] - within[bucket]) * Elementary.log(1 - hazard)
    }
    return likelihood
  }

  /// Rates about 3% are usual.
  private func fits(ofRatesWith shares: [Double], at now: Instant, every step: Int) -> [Double] {
    var seen: [(messages: Double, clicks: Double, share: Double)] = cohorts.compactMap { cohort in
      if cohort.sends == 0 { return nil }
      let clicks = cohort.clicks
      return (
        Double(max(cohort.sends, clicks)), Double(clicks), max(share(of: cohort.age(at: now), in: shares), 1e-9)
      )
    }
    if settledSends > 0 { seen.append((Double(max(settledSends, settledClicks)), Double(settledClicks), 1)) }
    if seen.isEmpty { return [] }
    return stride(from: 0, to: Self.rates.count, by: step).map { index in
      let logit = Self.rates[index]
      let (rate, distance) = (Elementary.sigmoid(logit), (logit + 3.5) / 1.5)
      return seen.reduce(-distance * distance / 2) { sum, cohort in
        let yield = min(rate * cohort.share, 1 - 1e-9)
        return sum + cohort.clicks * Elementary.log(yield)
          + (cohort.messages - cohort.clicks) * Elementary.log(1 - yield)
      }
    }
  }

  /// The rate of clicks of all copies, by what is known of the delays. Nil where no messages are known.
  public func rate(at now: Instant) -> RateOfClicks? {
    var merged = self
    merged.merge(at: now)
    let (within, upTo) = merged.counts(at: now)
    return merged.rate(by: merged.views(within, upTo, at: now, every: 2), every: 2, at: now)
  }

  func rate(by views: [View], every step: Int, at now: Instant) -> RateOfClicks? {
    guard let count = views.first?.fits.count, count > 0 else { return nil }
    var weights = [Double](repeating: 0, count: count)
    let highest = views.map(\.best).max() ?? 0
    for view in views {
      for (index, fit) in view.fits.enumerated() {
        // Delays are of no such simple form: what speaks for one of them counts a third.
        weights[index] += Elementary.exp((view.fit + fit - highest) / 3)
      }
    }
    let clicks = Double(cohorts.reduce(settledClicks) { $0 + $1.clicks })
    let seen = cohorts.reduce(Double(settledSends)) { sum, cohort in
      sum + Double(cohort.sends) * share(of: cohort.age(at: now), in: pooled)
    }
    return RateOfClicks(believed: clicks / max(seen, clicks, 1), range: Self.middle(of: weights, every: step))
  }

  /// Between the rates beyond which 2.5% of the weights lie on either side.
  private static func middle(of weights: [Double], every step: Int) -> ClosedRange<Double> {
    let total = weights.reduce(0, +)
    var (sum, low, high) = (0.0, 0, 0)
    for (index, weight) in weights.enumerated() {
      if sum < total * 0.025 { low = index }
      if sum < total * 0.975 { high = index }
      sum += weight
    }
    return Elementary.sigmoid(rates[low * step] - 0.1)...Elementary.sigmoid(rates[high * step] + 0.1)
  }
}

/// What can be said of a rate of clicks while it is not known how long they take.
public struct RateOfClicks: Hashable, Sendable {
  /// What a learner believes, who takes the delays as they are believed.
  public let believed: Double
  /// Where it lies, with 95%.
  public let range: ClosedRange<Double>

  /// So much wider, and nobody can do anything with it.
  private static let span = 8.0
  /// Whatever it is below that, it is little.
  private static let little = 0.01

  var isKnown: Bool { range.upperBound < max(Self.span * range.lowerBound, Self.little) }

  /// A learner's interval of a copy's rate, as wide as what is not known of the delays makes it; nil where it is too early
  /// for one.
  public func shown(_ interval: ClosedRange<Double>) -> ClosedRange<Double>? {
    guard isKnown else { return nil }
    if believed == 0 { return min(interval.lowerBound, range.lowerBound)...max(interval.upperBound, range.upperBound) }
    let (low, high) = (min(1, range.lowerBound / believed), max(1, range.upperBound / believed))
    return interval.lowerBound * low...min(1, interval.upperBound * high)
  }
}
