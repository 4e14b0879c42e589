/// One observation of a logistic model, as a step of the extended Kalman filter: with S the covariance and x the
/// context, the means move by `gain` * Sx, and S loses `shrink` * (Sx)(Sx)'.
struct Step {
  let gain: Double
  let shrink: Double
  /// The precision that the observation adds along x.
  let information: Double

  @inline(__always)
  init(mean: Double, variance: Double, clicked: Bool, weight: Double) {
    let p = Elementary.sigmoid(mean)
    information = weight * max(p * (1 - p), 1e-9)
    let damping = 1 / (1 + information * max(0, variance))
    gain = weight * ((clicked ? 1 : 0) - p) * damping
    shrink = information * damping
  }
}
