extension Learner {
  /// A challenger that is this far behind, in alarms, will hardly win: the next one starts.
  private static var hopeless: Double { -1 }
  /// Weight observed before the first challenger starts: before, the model is as new as it.
  private static var youngest: Double { 1000 }

  /// - Parameters: what the model and the challenger believed before they learned what came.
  mutating func judge(_ old: Score, _ new: Score?, _ clicked: Bool, _ weight: Double) {
    guard var rival = challenger, let new else {
      if challenger == nil, model.observed >= Self.youngest { challenger = Challenger(model: blank) }
      return
    }
    let (p, q) = (old.probability, new.probability)
    let ratio = clicked ? max(q, 1e-9) / max(p, 1e-9) : max(1 - q, 1e-9) / max(1 - p, 1e-9)
    // No one observation decides.
    let most = configuration.alarm / 3
    rival.evidence += min(max(min(weight, 100) * Elementary.log(ratio), -most), most)
    challenger?.evidence = rival.evidence
    if rival.evidence > configuration.alarm {
      model = rival.model
      changes += 1
      challenger = nil
    } else if rival.evidence < Self.hopeless * configuration.alarm
      || rival.model.observed > max(Self.youngest, model.observed / 2)
    {
      challenger = Challenger(model: blank)
    }
  }
}
