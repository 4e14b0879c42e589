/// A model that started anew and predicts beside the learner's model, to notice that the world has changed.
struct Challenger: Sendable {
  var model: any ClickModel
  /// How much better it predicted than the learner's model, in nats.
  private(set) var evidence = 0.0

  /// Weight that the learner's model has seen before the first challenger starts: before, it is as new itself.
  static let youngest = 1000.0
  /// A challenger that is so far behind, in alarms, will hardly win.
  private static let hopeless = -1.0

  init(model: any ClickModel, evidence: Double = 0) {
    self.model = model
    self.evidence = evidence
  }

  enum Outcome {
    case undecided
    /// The world has changed: the challenger is to take over.
    case better
    /// The next one is to start.
    case hopeless
  }

  /// Compares what two models predicted of one observation.
  ///
  /// - Parameters:
  ///   - old: what the learner's model believed before it learned the observation; `new`: what the challenger believed.
  ///   - alarm: the evidence at which the challenger takes over, in nats.
  ///   - observed: the weight that the learner's model has learned.
  mutating func compare(
    _ old: Score, _ new: Score, clicked: Bool, weight: Double, alarm: Double, observed: Double
  ) -> Outcome {
    let (p, q) = (old.probability, new.probability)
    let ratio = clicked ? max(q, 1e-9) / max(p, 1e-9) : max(1 - q, 1e-9) / max(1 - p, 1e-9)
    // No one observation decides.
    let most = alarm / 3
    evidence += min(max(min(weight, 100) * Elementary.log(ratio), -most), most)
    if evidence > alarm { return .better }
    let isHopeless = evidence < Self.hopeless * alarm || model.observed > max(Self.youngest, observed / 2)
    return isHopeless ? .hopeless : .undecided
  }
}
