extension Learner {
  /// A challenger that is this far behind, in alarms, will hardly win: the next one starts.
  private static var hopeless: Double { -1 }
  /// Weight observed before the first challenger starts: before, the model is as new as it.
  private static var youngest: Double { 1000 }

  mutating func compare(_ context: Context, _ copy: Int, _ clicked: Bool, _ weight: Double) {
    guard let rival = challenger, weight > 0, context.dimensions == dimensions else { return }
    let (old, new) = (model.score(context, copy: copy), rival.model.score(context, copy: copy))
    let (p, q) = clicked ? (old.probability, new.probability) : (1 - old.probability, 1 - new.probability)
    let gain = min(weight, 100) * Elementary.log(max(q, 1e-9) / max(p, 1e-9))
    // No one observation decides.
    let most = configuration.alarm / 3
    challenger?.evidence += min(max(gain, -most), most)
  }

  mutating func judge() {
    guard let rival = challenger else {
      if model.observed >= Self.youngest { challenger = Challenger(model: blank) }
      return
    }
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
