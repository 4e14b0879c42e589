import AttuneModel
import Learning

/// A business's copies for one user at one instant: what is believed of each, and what it costs beside its price.
struct ScoredCopies: Sendable {
  var candidate: CandidateID
  /// The same candidate always draws the same.
  var seed: StableHash
  var context: Context
  /// By the copies' places.
  var scores: [Score]
  var annoyances: [Double]
  var weariness: [Double]
  /// Whether it can be filled, is not withdrawn, and there is quota for it.
  var eligible: [Bool]

  init(candidate: CandidateID, seed: StableHash, context: Context, scores: [Score]) {
    self.candidate = candidate
    self.seed = seed
    self.context = context
    self.scores = scores
    annoyances = Array(repeating: 0, count: scores.count)
    weariness = annoyances
    eligible = Array(repeating: false, count: scores.count)
  }

  /// What sending each copy is worth beside its click and its price; NaN where it cannot be sent.
  var costs: [Double] {
    scores.indices.map { eligible[$0] ? -annoyances[$0] - weariness[$0] : .nan }
  }
}
