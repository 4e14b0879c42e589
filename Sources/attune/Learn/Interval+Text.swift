import Insight
import Learning

extension Interval {
  /// `+0.0012 (95% from +0.0008 to +0.0016)`, of a difference.
  func words(_ digits: Int) -> String {
    "\(estimate.decimal(digits, signed: true)) (95% from \(low.decimal(digits, signed: true)) to "
      + "\(high.decimal(digits, signed: true)))"
  }
}
