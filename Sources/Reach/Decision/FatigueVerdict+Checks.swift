import AttuneModel
import Fatigue

extension FatigueVerdict {
  /// One check a dimension, with what was counted.
  var checks: [Trace.Check] {
    // What does not obey passes whatever the counts say.
    func check(_ dimension: Dimension, _ reading: Reading) -> Trace.Check {
      Trace.Check(
        .fatigue(dimension), passed: passes || reading.passes, next: reading.next,
        details: [Property("count", .number(Double(reading.count))), Property("limit", .number(Double(reading.limit)))])
    }
    var checks: [Trace.Check] = []
    if let user { checks.append(check(.user, user)) }
    if let scene { checks.append(check(.scene, scene)) }
    checks.append(check(.window, window))
    guard let gap else { return checks }
    var details = [Property("minGap", .number(Double(gap.minGap.milliseconds)))]
    if let last = gap.last { details.append(Property("last", .number(Double(last.milliseconds)))) }
    checks.append(Trace.Check(.fatigue(.gap), passed: passes || gap.passes, next: gap.next, details: details))
    return checks
  }
}
