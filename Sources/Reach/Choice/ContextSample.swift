import Learning
import Model

/// The latest users a business sent to, as the learner sees them.
struct ContextSample: Sendable {
  private var contexts: [Context] = []
  private var next = 0
  private static let limit = 64

  mutating func add(_ context: Context) {
    if contexts.count < Self.limit { contexts.append(context) } else { contexts[next] = context }
    next = (next + 1) % Self.limit
  }

  /// The mean probability of a click, over users and copies; nil before the first user.
  func level(_ learner: Learner) -> Double? {
    if contexts.isEmpty || learner.copies == 0 { return nil }
    var sum = 0.0
    for context in contexts { for score in learner.scores(for: context) { sum += score.probability } }
    return max(1e-6, sum / Double(contexts.count * learner.copies))
  }

  /// What is believed of a copy's clicks, averaged over them: the mean, and between what nine in ten draws lie.
  func belief(of place: Int, _ learner: Learner) -> (mean: Double, range: ClosedRange<Double>)? {
    guard !contexts.isEmpty, place < learner.copies else { return nil }
    var (mean, low, high) = (0.0, 0.0, 0.0)
    for context in contexts {
      let score = learner.model.score(context, copy: place)
      let spread = 1.6448536 * score.variance.squareRoot()
      mean += score.probability
      low += Elementary.sigmoid(score.mean - spread)
      high += Elementary.sigmoid(score.mean + spread)
    }
    let count = Double(contexts.count)
    return (mean / count, low / count...max(low, high) / count)
  }
}

extension ContextSample: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(contexts)
    writer.write(next)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    contexts = try reader.read()
    next = try reader.read()
    guard contexts.count <= Self.limit, (0..<Self.limit).contains(next) else {
      throw BinaryError.invalid("a sample", at: reader.position)
    }
  }
}
