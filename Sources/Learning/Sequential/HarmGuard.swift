/// Stops a campaign that does harm, at the first look at which that is sure enough.
///
/// Both tests are confidence sequences of `alpha` / 2, so a harmless campaign is ever stopped with a chance of at most
/// `alpha`, however often it is looked at.
public struct HarmGuard: Hashable, Sendable {
  /// What counts as harm.
  public struct Bounds: Hashable, Sendable {
    /// The share of users reached that may opt out because of it, in 0 ... 1; nil: not watched.
    public var optOuts: Double?
    /// The least lift, as a difference of rates (-0.002 allows a loss of 2 in 1,000); nil: not watched.
    public var lift: Double?

    public init(optOuts: Double? = nil, lift: Double? = nil) {
      self.optOuts = optOuts
      self.lift = lift
    }
  }

  /// What is seen of a campaign at a look; users counted, of the slices they belong to.
  public struct Seen: Hashable, Sendable {
    /// Opt-outs among users reached, ones and zeros.
    public var optOuts: Moments
    /// The objective among users not held out, whether or not they were reached.
    public var treated: Moments
    /// The objective among users held out.
    public var held: Moments

    public init(optOuts: Moments, treated: Moments, held: Moments) {
      self.optOuts = optOuts
      self.treated = treated
      self.held = held
    }
  }

  /// Why to stop.
  public struct Harm: Hashable, Sendable {
    /// Which bound was crossed.
    public enum Code: String, Hashable, Sendable, CaseIterable {
      /// All of the interval of opt-outs lies above the bound.
      case optOuts
      /// All of the interval of the lift lies below the bound.
      case lift
    }

    public var code: Code
    public var interval: Interval
    public var bound: Double
  }

  /// As given.
  public let bounds: Bounds
  private let sequence: ConfidenceSequence

  /// - Parameter expected: Users that the campaign will reach.
  public init(_ bounds: Bounds, alpha: Double = 0.05, expected: Int) {
    self.bounds = bounds
    sequence = ConfidenceSequence(alpha: alpha / 2, expected: expected)
  }

  /// Nil while there is no proof of harm.
  public func harm(in seen: Seen) -> Harm? {
    if let bound = bounds.optOuts {
      let interval = sequence.mean(of: seen.optOuts)
      if interval.low > bound { return Harm(code: .optOuts, interval: interval, bound: bound) }
    }
    if let bound = bounds.lift {
      let interval = sequence.lift(of: seen.treated, over: seen.held)
      if interval.high < bound { return Harm(code: .lift, interval: interval, bound: bound) }
    }
    return nil
  }
}

extension HarmGuard.Harm: CustomStringConvertible {
  /// `opt-outs are 1.20% of the users reached, at least 0.84%: above the bound of 0.50%`
  public var description: String {
    switch code {
    case .optOuts:
      "opt-outs are \(interval.estimate.percent) of the users reached, at least \(interval.low.percent): "
        + "above the bound of \(bound.percent)"
    case .lift:
      "the lift is \(interval.estimate.percent), at most \(interval.high.percent): below the bound of \(bound.percent)"
    }
  }
}

extension Double {
  /// `0.50%`, to two digits behind the point.
  var percent: String {
    guard magnitude < 1e12 else { return "\(self)" }
    let hundredths = Int64((magnitude * 10_000).rounded())
    let digits = hundredths % 100
    let sign = self < 0 && hundredths > 0 ? "-" : ""
    return "\(sign)\(hundredths / 100).\(digits < 10 ? "0" : "")\(digits)%"
  }
}
