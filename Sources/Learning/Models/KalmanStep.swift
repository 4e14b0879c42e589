/// One observation of a logistic model, as a step of the extended Kalman filter: with S the covariance and x the
/// context, the means move by `gain` * Sx, and S loses `shrink` * (Sx)(Sx)'.
///
/// A first click moves the mean further than the exact posterior would: an optimism that measured better than exact
/// moments, which explore too little.
struct KalmanStep {
  let gain: Double
  let shrink: Double
  /// The precision that the observation adds along x.
  let information: Double

  /// A step longer than this, in log odds, has left the region where one tangent tells enough.
  private static let longest = 4.0

  /// - Parameter weight: below 0, the observation is taken back.
  @inline(__always)
  init(mean: Double, variance: Double, clicked: Bool, weight: Double) {
    let p = Elementary.sigmoid(mean)
    let target = clicked ? 1.0 : 0
    // What forgetting has already taken cannot be taken back: the variance at most doubles.
    let information = max(weight * max(p * (1 - p), 1e-9), -0.5 / max(variance, 1e-12))
    let damping = 1 / (1 + information * max(0, variance))
    let gain = weight * (target - p) * damping
    if weight <= 1, (gain * variance).magnitude <= Self.longest {
      self.init(gain: gain, shrink: information * damping, information: information)
    } else {
      self.init(iterated: mean, variance, target, weight)
    }
  }

  private init(gain: Double, shrink: Double, information: Double) {
    self.gain = gain
    self.shrink = shrink
    self.information = information
  }

  /// To the most probable score, by Newton's steps of bounded length.
  private init(iterated mean: Double, _ variance: Double, _ target: Double, _ weight: Double) {
    var moved = 0.0
    var p = Elementary.sigmoid(mean)
    let weight = max(weight, 0)
    for _ in 0..<24 where variance > 0 {
      let slope = 1 + variance * weight * p * (1 - p)
      let change = (variance * weight * (target - p) - moved) / slope
      moved += min(max(change, -1), 1)
      p = Elementary.sigmoid(mean + moved)
      if change.magnitude < 1e-9 { break }
    }
    information = weight * max(p * (1 - p), 1e-9)
    gain = variance > 0 ? moved / variance : 0
    shrink = information / (1 + information * max(0, variance))
  }
}
