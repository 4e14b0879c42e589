import AttuneModel
import Learning

/// How much less a copy brings from users who have seen it lately: log odds at a copy just seen, fading with time.
///
/// The learner knows nothing of it. What is learned here is by how much users who saw a copy fall short of what the
/// learner said of them: one number with a normal belief, begun with the figure of Duolingo's paper (Yancey and Settles,
/// 2020).
struct Weariness: Hashable, Sendable {
  /// Of the log odds, for a copy just seen.
  private(set) var effect: Score

  /// - Parameter share: of the probability of a click that is thought to be lost at once.
  init(share: Double) { effect = Score(mean: -share, variance: 0.04) }

  /// What is lost of the probability of a click.
  /// - Parameter freshness: 1 for a copy just seen, 0 for one never seen.
  func loss(_ score: Score, freshness: Double) -> Double {
    if freshness <= 0 { return 0 }
    let probability = score.probability
    // That a copy gets better by being seen is no reason to show it again and again.
    let shift = min(0, effect.mean) * freshness
    return probability - Elementary.sigmoid(Elementary.logit(probability) + shift)
  }

  /// - Parameter weight: -1 takes back what was learned too early.
  mutating func learn(_ score: Score, freshness: Double, clicked: Bool, weight: Double = 1) {
    guard freshness > 0 else { return }
    let probability = Elementary.sigmoid(Elementary.logit(score.probability) + effect.mean * freshness)
    let information = weight * probability * (1 - probability) * freshness * freshness
    let variance = 1 / max(1 / effect.variance + information, 1 / 0.04)
    effect.mean += variance * weight * freshness * ((clicked ? 1 : 0) - probability)
    effect.variance = variance
  }
}

extension Weariness: BinaryCodable {
  func encode(into writer: inout ByteWriter) { writer.write(effect) }
  init(from reader: inout ByteReader) throws(BinaryError) { effect = try reader.read() }
}
